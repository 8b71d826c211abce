import { startDaemon } from './daemon.js';
import type { Environment } from './environment.js';
import { EXIT, type ExitCode } from './exit-codes.js';
import { forgetCrashes, recordStart } from './home/crash-record.js';
import { homePaths } from './home/home-paths.js';
import { announceSuccessor, withdrawSuccessor } from './home/successor-note.js';
import { packageVersion } from './installation.js';
import { spawnServer } from './spawn-server.js';
import { StartError } from './start-error.js';

/** A stop that takes longer than this has hung; whatever is left is put right by the next start. In milliseconds. */
const STOP_DEADLINE_MS = 30_000;

/** A successor that does not listen so long after its start, in milliseconds, is not waited for; see decision 9. */
const SUCCESSOR_MS = 5_000;

/**
 * Runs a server in the foreground until it ends, and resolves with the process's exit code. SIGTERM and SIGINT end it
 * in order, a second one at once; so does SIGHUP, but a terminal that closes may send that twice. One line on stdout
 * when it listens; one sentence on stderr when it cannot start. A server that makes way for its successor starts it in
 * the background as the last thing it does.
 */
export async function serve({
  environment,
  port = environment.port,
}: {
  readonly environment: Environment;
  readonly port?: number;
}): Promise<ExitCode> {
  const paths = homePaths(environment.home);
  const end = createEnd();
  process.on('SIGTERM', end.onSignal).on('SIGINT', end.onSignal).on('SIGHUP', end.onHangup);
  outliveReaders();
  try {
    const daemon = await startDaemon({
      environment,
      port,
      requestStop: end.stop,
      requestReplace: end.replace,
      makesWay: end.makesWay,
    });
    process.once('uncaughtException', (error) => {
      process.stderr.write('The server ends because of a bug; its log says which.\n');
      const noted = [daemon.logFatal(error), recordStart(paths.crashes, Date.now())];
      void Promise.allSettled(noted).finally(() => process.exit(EXIT.failed));
    });
    process.stdout.write(`Codewalkers ${daemon.version} listens on ${daemon.address}.\n`);
    await withdrawSuccessor(paths.successor);
    void tellStarter({ type: 'ready', instanceId: daemon.instanceId });
    const reason = await end.asked;
    setTimeout(() => process.exit(EXIT.failed), STOP_DEADLINE_MS).unref();
    // An end that was asked for is no crash, whatever came before. While the lock is held nobody else writes there.
    await forgetCrashes(paths.crashes);
    if (end.wantsSuccessor()) await announceSuccessor(paths.successor, STOP_DEADLINE_MS);
    await daemon.stop(reason);
    if (end.wantsSuccessor()) await announceSuccessor(paths.successor, SUCCESSOR_MS);
    // Asked once more: a signal may have come meanwhile.
    if (end.wantsSuccessor()) startSuccessor();
    else await withdrawSuccessor(paths.successor);
    return EXIT.done;
  } catch (error) {
    if (!(error instanceof StartError)) throw error;
    process.stderr.write(`${error.message}\n`);
    // Also to a starter that waits for a word: on a full disk what was just written went nowhere.
    await tellStarter({ type: 'failed', message: error.message });
    return error.exitCode;
  } finally {
    process.off('SIGTERM', end.onSignal).off('SIGINT', end.onSignal).off('SIGHUP', end.onHangup);
  }

  /** Nobody waits for it: one that fails to start is started again by the next command that needs a server. */
  function startSuccessor(): void {
    const successor = spawnServer({ paths, variables: environment.variables, port, tells: false });
    successor.once('error', () => undefined);
    successor.unref();
  }
}

/** How the server is asked to end, by signal or over the API, and whether one is to follow it. */
function createEnd() {
  const asked = new AbortController();
  let makesWay = false;
  let wantsSuccessor = false;
  const forGood = (reason: string): void => {
    [makesWay, wantsSuccessor] = [false, false];
    asked.abort(reason);
  };
  return {
    /** Resolves with the reason for the log. */
    asked: new Promise<string>((resolve) => {
      asked.signal.addEventListener('abort', () => resolve(String(asked.signal.reason)), { once: true });
    }),
    /** Whether another server follows, whoever starts it. */
    makesWay: () => makesWay,
    /** Whether it is this one that starts it. */
    wantsSuccessor: () => wantsSuccessor,
    /** Ends for good, also a server that was about to make way for its successor. */
    stop: forGood,
    replace: (toVersion: string): 'server' | 'caller' => {
      makesWay = true;
      wantsSuccessor = installedVersion() === toVersion;
      asked.abort(`Makes way for version ${toVersion}.`);
      return wantsSuccessor ? 'server' : 'caller';
    },
    onHangup: () => forGood('SIGHUP'),
    onSignal: (signal: NodeJS.Signals): void => {
      if (asked.signal.aborted && !makesWay) process.exit(EXIT.failed);
      forGood(signal);
    },
  };
}

/** Resolves when it is told. A starter that is gone meanwhile needs no word, and its absence is no error. */
function tellStarter(word: object): Promise<void> {
  return new Promise((resolve) => {
    if (process.send === undefined) resolve();
    else process.send(word, () => resolve());
  });
}

/** What is on the disk now, which an upgrade may have changed, or be about to. */
function installedVersion(): string | undefined {
  try {
    return packageVersion();
  } catch {
    return undefined;
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
