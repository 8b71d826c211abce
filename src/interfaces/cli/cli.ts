import { CommanderError } from 'commander';
import { readEnvironment } from '../../environment.js';
import { EXIT, type ExitCode } from '../../exit-codes.js';
import { homePaths } from '../../home/home-paths.js';
import { describeFailure } from './describe-failure.js';
import { createProgram } from './program.js';
import { createRun } from './run-action.js';

/** What the process ends with; before a command is done, what it would end with if nobody read its output any more. */
let exitCode: ExitCode = EXIT.done;

process.stdout.on('error', endQuietly);
process.stderr.on('error', endQuietly);
process.on('uncaughtException', (error) => {
  // A server that runs in this process has a listener of its own, which writes it down first.
  if (process.listenerCount('uncaughtException') === 1) process.exit(complain(error));
});

await main(process.argv.slice(2));
await flushed(process.stdout);
// Not left to the event loop: what is still open, such as a connection that tries again, must not hold the command up.
process.exit(exitCode);

async function main(words: readonly string[]): Promise<void> {
  const program = createProgram(
    createRun((code) => {
      exitCode = code;
    }),
  );
  try {
    await program.parseAsync(words, { from: 'user' });
  } catch (error) {
    exitCode = complain(error);
  }
}

/** Says in one sentence what went wrong, and gives the exit code for it. */
function complain(error: unknown): ExitCode {
  // Commander has printed its own sentence, or the help that was asked for.
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage;
  const failure = describeFailure(error, serverLog());
  process.stderr.write([failure.sentence, failure.details, ''].filter((part) => part !== undefined).join('\n'));
  return failure.exitCode;
}

function serverLog(): string | undefined {
  try {
    return homePaths(readEnvironment().home).serverLog;
  } catch {
    return undefined;
  }
}

function endQuietly(error: NodeJS.ErrnoException): void {
  process.exit(error.code === 'EPIPE' ? exitCode : EXIT.failed);
}

function flushed(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise((resolve) => {
    stream.write('', () => {
      resolve();
    });
  });
}
