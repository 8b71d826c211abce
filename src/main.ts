import { startDaemon } from './daemon.js';
import { ConfigurationError, type Environment } from './environment.js';
import { StartError } from './start-error.js';

/** A stop that takes longer than this has hung; whatever is left is put right by the next start. In milliseconds. */
const STOP_DEADLINE_MS = 30_000;

/** Exit codes of contracts.md. */
const DONE = 0;
const FAILED = 1;
const BAD_CONFIGURATION = 78;

/**
 * Runs a server in the foreground until it ends, and resolves with the process's exit code. SIGTERM and SIGINT end it
 * in order, a second one at once. One line on stdout when it listens; one sentence on stderr when it cannot start.
 */
export async function serve({
  environment,
  port = environment.port,
}: {
  readonly environment: Environment;
  readonly port?: number;
}): Promise<number> {
  const stop = new AbortController();
  const onSignal = (signal: NodeJS.Signals) => {
    if (stop.signal.aborted) process.exit(FAILED);
    stop.abort(signal);
  };
  process.on('SIGTERM', onSignal).on('SIGINT', onSignal);
  try {
    const daemon = await startDaemon({ environment, port, requestStop: (reason) => stop.abort(reason) });
    process.once('uncaughtException', (error) => {
      process.stderr.write('The server ends because of a bug; its log says which.\n');
      void daemon.logFatal(error).finally(() => process.exit(FAILED));
    });
    process.stdout.write(`Codewalkers ${daemon.version} listens on ${daemon.address}.\n`);
    // A starter that is gone meanwhile needs no word; without a callback its absence would be an error.
    process.send?.({ type: 'ready', instanceId: daemon.instanceId }, () => undefined);
    await aborted(stop.signal);
    setTimeout(() => process.exit(FAILED), STOP_DEADLINE_MS).unref();
    await daemon.stop(String(stop.signal.reason));
    return DONE;
  } catch (error) {
    if (error instanceof ConfigurationError) return complain(error.message, BAD_CONFIGURATION);
    if (error instanceof StartError) return complain(error.message, error.exitCode);
    throw error;
  } finally {
    process.off('SIGTERM', onSignal).off('SIGINT', onSignal);
  }
}

function complain(sentence: string, exitCode: number): number {
  process.stderr.write(`${sentence}\n`);
  return exitCode;
}

async function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise((resolve) => {
    signal.addEventListener('abort', resolve, { once: true });
  });
}
