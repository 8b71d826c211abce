import { readFile, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { NewRunId } from '../../application/ports/ids.js';
import type { Logger } from '../../application/ports/logger.js';
import type { ProgramVersion } from '../../application/ports/program-version.js';
import type { StartProcess } from '../../application/ports/start-process.js';
import type { OpenTemporaryDirectory } from '../../application/ports/temporary-directory.js';
import { agentKindOf } from '../../domain/agent/agent-kind.js';
import { npmVersion } from './npm-version.js';

/** Longest wait for what a program says to `--version`, in milliseconds: Gemini takes 3,000 on a slow machine. */
const VERSION_TIMEOUT_MS = 10_000;
/** Versions that are remembered; users have a handful of agents. */
const MAX_REMEMBERED = 50;

const VERSION = /\b\d+\.\d+\.\d+\S*/;

interface Dependencies {
  readonly startProcess: StartProcess;
  readonly openTemporaryDirectory: OpenTemporaryDirectory;
  readonly newRunId: NewRunId;
  readonly logger: Pick<Logger, 'debug'>;
  /** Aborted when the server begins to close. */
  readonly closing: AbortSignal;
}

/**
 * Versions of known agents: of their npm package, else what the program says to `--version`, which is asked once until it
 * changes. Another program is never run: nobody knows what it would do.
 */
export function createProgramVersion(needs: Dependencies): ProgramVersion {
  const { startProcess, openTemporaryDirectory, newRunId, logger, closing } = needs;
  const remembered = new Map<string, Promise<string | null>>();

  return async (command, program) => {
    if (agentKindOf(command) === null) return null;
    try {
      const path = await realpath(program);
      return (await npmVersion(path)) ?? (await ask(path));
    } catch (error) {
      logger.debug('the version of a program is not known', { program, error });
      return null;
    }
  };

  async function ask(path: string): Promise<string | null> {
    const { mtimeMs, size } = await stat(path);
    const key = JSON.stringify([path, mtimeMs, size]);
    const known = remembered.get(key);
    if (known !== undefined) return known;
    const [oldest] = remembered.keys();
    if (remembered.size >= MAX_REMEMBERED && oldest !== undefined) remembered.delete(oldest);
    const asked = run(path);
    remembered.set(key, asked);
    // What could not be asked is asked again.
    asked.catch(() => remembered.delete(key));
    return asked;
  }

  async function run(program: string): Promise<string | null> {
    await using directory = await openTemporaryDirectory();
    const outputFile = join(directory.path, 'output');
    const started = await startProcess({
      ...{ program, args: ['--version'], cwd: directory.path, outputFile, inputFile: null },
      ...{ runId: newRunId(), timeoutMs: VERSION_TIMEOUT_MS, signal: closing },
    });
    if (!started.started) throw new Error(started.problem);
    const { how } = await started.end;
    if (how !== 'exited') throw new Error(`It does not tell its version (${how}).`);
    return VERSION.exec(await readFile(outputFile, 'utf8'))?.[0] ?? null;
  }
}
