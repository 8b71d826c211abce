import { startDaemon } from './daemon.js';
import type { Environment } from './environment.js';
import { EXIT, type ExitCode } from './exit-codes.js';
import { StartError } from './start-error.js';

/** A stop that takes longer than this has hung; whatever is left is put right by the next start. In milliseconds. */
const STOP_DEADLINE_MS = 30_000;

/**
 * Runs a server in the foreground until it ends, and resolves with the process's exit code. SIGTERM and SIGINT end it
 * in order, a second one at once; so does SIGHUP, but a terminal that closes may send that twice. One line on stdout
 * when it listens; one sentence on stderr when it cannot start.
 */
export async function serve({
  environment,
  port = environment.port,
}: {
  readonly environment: Environment;
  readonly port?: number;
}): Promise<ExitCode> {
  const stop = new AbortController();
  const onSignal = (signal: NodeJS.Signals) => {
    if (stop.signal.aborted) process.exit(EXIT.failed);
    stop.abort(signal);
  };
  const onHangup = () => stop.abort('SIGHUP');
  process.on('SIGTERM', onSignal).on('SIGINT', onSignal).on('SIGHUP', onHangup);
  outliveReaders();
  try {
    const daemon = await startDaemon({ environment, port, requestStop: (reason) => stop.abort(reason) });
    process.once('uncaughtException', (error) => {
      process.stderr.write('The server ends because of a bug; its log says which.\n');
      void daemon.logFatal(error).finally(() => process.exit(EXIT.failed));
    });
    process.stdout.write(`Codewalkers ${daemon.version} listens on ${daemon.address}.\n`);
    // A starter that is gone meanwhile needs no word; without a callback its absence would be an error.
    process.send?.({ type: 'ready', instanceId: daemon.instanceId }, () => undefined);
    await aborted(stop.signal);
    setTimeout(() => process.exit(EXIT.failed), STOP_DEADLINE_MS).unref();
    await daemon.stop(String(stop.signal.reason));
    return EXIT.done;
  } catch (error) {
    if (!(error instanceof StartError)) throw error;
    process.stderr.write(`${error.message}\n`);
    return error.exitCode;
  } finally {
    process.off('SIGTERM', onSignal).off('SIGINT', onSignal).off('SIGHUP', onHangup);
  }
}

/**
 * A command ends when nobody reads what it prints any more. A server does not: its agents would be left behind because
 * a terminal was closed, or a full disk did not take its one line.
 */
function outliveReaders(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.removeAllListeners('error').on('error', () => undefined);
  }
}

async function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise((resolve) => {
    signal.addEventListener('abort', resolve, { once: true });
  });
}
