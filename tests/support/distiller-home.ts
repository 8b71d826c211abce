import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { type CliHome, openHome } from './cli.js';

/** What the server needs to call the peer; other commands must not start one without it. */
const ENVIRONMENT = { MODEL_KEY: 'key' };
const QUIET = { CW_NO_AUTOSTART: '1' };
const Observation = z.object({ origin: z.string(), title: z.string(), toolUses: z.array(z.string()) });
const Status = z.object({
  server: z.object({ pid: z.int() }),
  memory: z.object({ waiting: z.int(), spend: z.object({ calls: z.int(), deadLetters: z.int() }) }),
});

/** A home whose server has a model of OpenAI's protocol at this address distil. The server is not started yet. */
export function openDistillerHome(url: string): CliHome {
  return homeWith({
    memory: { distiller: { provider: 'openai', model: 'm', apiKeyEnv: 'MODEL_KEY', baseUrl: `${url}/v1` } },
  });
}

/** A home whose server has this program of Node's distil, which is told the prompt on its standard input. */
export function openAgentDistillerHome(script: string): CliHome {
  const teller = { protocol: 'command', command: process.execPath, args: ['-e', script] };
  return homeWith({ agents: { teller }, memory: { distiller: { agent: 'teller' } } });
}

function homeWith(config: object): CliHome {
  const home = openHome();
  mkdirSync(home.path, { mode: 0o700 });
  writeFileSync(join(home.path, 'config.json'), JSON.stringify(config), { mode: 0o600 });
  return home;
}

/** One turn with one tool use, of which rules make one observation. */
export async function takeTurn(home: CliHome, n: number): Promise<void> {
  const turn = { prompt_id: `p${String(n)}` };
  const id = `t${String(n)}`;
  const use = {
    tool_name: 'Bash',
    tool_input: { command: `npm install pkg-${id}` },
    tool_response: { stdout: 'added 1' },
  };
  await tellHook(home, 'user-prompt-submit', { ...turn, prompt: 'Add a package' });
  await tellHook(home, 'post-tool-use', { ...turn, ...use, tool_use_id: id });
  await tellHook(home, 'stop', { ...turn, last_assistant_message: 'Done' });
}

/** Starts the server with the model's key, and gives back its process id. */
export async function startDistilling(home: CliHome): Promise<number> {
  const started = await home.run(['start'], { env: ENVIRONMENT });
  if (started.code !== 0) throw new Error(`cw start ended with ${String(started.code)}: ${started.stderr}`);
  return (await statusOf(home)).server.pid;
}

export async function statusOf(home: CliHome) {
  return Status.parse(await home.json(['status'], { env: QUIET }));
}

async function tellHook(home: CliHome, event: string, body: object): Promise<void> {
  const stdin = JSON.stringify({ session_id: 'a', cwd: home.workspace, ...body });
  const ran = await home.run(['hook', event], { stdin, env: QUIET });
  if (ran.code !== 0) throw new Error(`cw hook ${event} ended with ${String(ran.code)}: ${ran.stderr}`);
}

/** All that is remembered of the one session, but for its summary. */
export async function observationsIn(home: CliHome) {
  const sessions = z.object({ items: z.array(z.object({ id: z.string() })) });
  const [session] = sessions.parse(await home.json(['session', 'list'], { env: QUIET })).items;
  const shown = await home.json(['session', 'show', session?.id ?? ''], { env: QUIET });
  const { observations } = z.object({ observations: z.array(Observation.extend({ type: z.string() })) }).parse(shown);
  return observations.filter(({ type }) => type !== 'summary');
}
