import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { AgentRuntime } from '../../application/ports/agent-runtime.js';
import type { OpenProbeStage, ProbeScript } from '../../application/ports/probe-stage.js';
import type { OpenTemporaryDirectory } from '../../application/ports/temporary-directory.js';
import type { AgentProfile, Protocol } from '../../domain/agent/agent-profile.js';
import { codeOf } from '../../domain/shared/thrown.js';
import type { Variables } from '../../environment.js';
import { openScriptedModel } from './model/scripted-model.js';
import { probeEnvironment } from './probe-environment.js';
import { RECIPES, type Recipe } from './recipes.js';

const WORD_BYTES = 8;
/** The file that the model has written. */
const SAID = 'said.txt';

interface Dependencies {
  /** The server's own environment, of which little is passed on. */
  readonly environment: Variables;
  readonly openTemporaryDirectory: OpenTemporaryDirectory;
  /** A runtime whose agents get what is passed on of this environment, and keep their files in this directory. */
  readonly runtimeIn: (place: string, environment: Variables, protocol: Protocol) => AgentRuntime;
}

/** Opens places for probes, each in a temporary directory of its own that is removed with it. */
export function createOpenProbeStage({ environment, openTemporaryDirectory, runtimeIn }: Dependencies): OpenProbeStage {
  return async (profile, kind) => {
    const script = newScript();
    const directory = await openTemporaryDirectory();
    const close: (() => PromiseLike<void>)[] = [() => directory[Symbol.asyncDispose]()];
    try {
      const model = await openScriptedModel(script);
      close.unshift(() => model[Symbol.asyncDispose]());
      const paths = pathsIn(directory.path);
      const recipe = RECIPES[kind];
      await prepare(paths, recipe.files(model.url));
      return {
        script,
        profile: placed(profile, { ...withoutNetwork(model.url), ...recipe.env(model.url) }),
        runtime: runtimeIn(directory.path, probeEnvironment(environment, paths), profile.protocol),
        workspace: paths.workspace,
        asked: () => model.asked(),
        ran: async () => (await readIfThere(join(paths.workspace, SAID))).includes(script.word),
        [Symbol.asyncDispose]: closeAll,
      };
    } catch (error) {
      await closeAll();
      throw error;
    }

    async function closeAll(): Promise<void> {
      for (const one of close) await one();
    }
  };
}

function newScript(): ProbeScript {
  const word = `word${randomBytes(WORD_BYTES).toString('hex')}`;
  // It writes a file, for which agents ask leave; that of printing alone is taken for granted.
  return { word, opening: 'I say a word.', command: `echo ${word} | tee ${SAID}`, closing: 'The word is said.' };
}

function pathsIn(place: string) {
  const [home, temporary] = [join(place, 'home'), join(place, 'tmp')];
  return { home, temporary, codewalkers: join(place, 'cw'), workspace: join(place, 'work') };
}

async function prepare(paths: ReturnType<typeof pathsIn>, files: ReturnType<Recipe['files']>): Promise<void> {
  for (const path of Object.values(paths)) await mkdir(path, { recursive: true });
  for (const [path, text] of Object.entries(files)) {
    const file = join(paths.home, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
  }
}

/** With none of the variables that the user set for it, but for where programs are. */
function placed(profile: AgentProfile, env: Readonly<Record<string, string>>): AgentProfile {
  const path = profile.env?.['PATH'];
  return { ...profile, env: { ...env, ...(path === undefined ? {} : { PATH: path }) }, passEnv: [] };
}

/** Sends what is not for loopback to the model, which passes nothing on. */
function withoutNetwork(url: string): Record<string, string> {
  const direct = '127.0.0.1,localhost,::1';
  return {
    ...{ HTTP_PROXY: url, HTTPS_PROXY: url, NO_PROXY: direct },
    ...{ http_proxy: url, https_proxy: url, no_proxy: direct },
  };
}

async function readIfThere(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return '';
    throw error;
  }
}
