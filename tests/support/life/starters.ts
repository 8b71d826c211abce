import { type ChildProcess, execFile, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { createClient } from '../../../src/interfaces/client/client.js';
import { type CliHome, openHome, processesWith } from '../cli.js';
import { type Proof, spread, timed } from './proof.js';
import type { Started, Starting } from './starter-process.js';

const STARTER = fileURLToPath(new URL('./starter-process.ts', import.meta.url));
/** Within the package, whose server it is to start. */
const BUNDLE = fileURLToPath(new URL('../../../dist/bench/starter-process.mjs', import.meta.url));
/** Later, because an agent that runs is a process of this home too. */
const LATER = ['spawn', '--agent', 'shell', '--delay', '1h', '--json', 'true'];
const execute = promisify(execFile);

/**
 * Many `cw spawn` at once where no server runs, each a whole process: one server, and all are served. Beside it, the same
 * commands once the server runs, and as many processes that do nothing at all: what no start can be faster than.
 */
export async function startByCommands({ atOnce, rounds }: { atOnce: number; rounds: number }): Promise<Proof> {
  const times: number[] = [];
  const running: number[] = [];
  const floor: number[] = [];
  const wrong: string[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const nothing = many(atOnce, () => timed(() => execute(process.execPath, ['-e', '0'])));
    floor.push(...(await nothing).map(({ ms }) => ms));
    await using home = openHome();
    const ran = await many(atOnce, () => timed(() => home.run(LATER)));
    times.push(...ran.map(({ ms }) => ms));
    for (const { value } of ran) if (value.code !== 0) wrong.push(`exit ${String(value.code)}: ${value.stderr}`);
    wrong.push(...(await checkOneServer(home, atOnce)));
    const again = await many(atOnce, () => timed(() => home.run(LATER)));
    running.push(...again.map(({ ms }) => ms));
  }
  return {
    figures: { ...spread('served', times), ...spread('serverRuns', running), ...spread('nodeAlone', floor) },
    wrong,
  };
}

/**
 * Many starters at once in a few processes that are up already, so that what is measured is the start and not the
 * processor time of as many Node processes. Each finds or starts the server the way a command does, and enqueues.
 */
export async function startByCalls(options: { atOnce: number; processes: number; rounds: number }): Promise<Proof> {
  const { atOnce, processes, rounds } = options;
  await bundleStarter();
  const times: number[] = [];
  const wrong: string[] = [];
  for (let round = 0; round < rounds; round += 1) {
    await using home = openHome();
    const started = await startInProcesses(home, processes, atOnce / processes);
    for (const { ms, error } of started) {
      if (error === undefined) times.push(ms);
      else wrong.push(error);
    }
    wrong.push(...(await checkOneServer(home, atOnce)));
  }
  return { figures: spread('served', times), wrong };
}

/** As the product is bundled: what a loader does to sources on the fly would be most of what is measured. */
async function bundleStarter(): Promise<void> {
  await build({
    entryPoints: [STARTER],
    outfile: BUNDLE,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    packages: 'external',
    logLevel: 'warning',
  });
}

async function startInProcesses(home: CliHome, processes: number, each: number): Promise<Started[]> {
  const env = { ...process.env, CW_HOME: home.path, CW_PORT: '0' };
  const children = Array.from({ length: processes }, () => fork(BUNDLE, { env }));
  // Each says that it is up, and starts when told to.
  await Promise.all(children.map(nextMessage));
  const starting: Starting = { starters: each, workspace: home.workspace };
  const answers = await Promise.all(
    children.map(async (child) => {
      const answer = nextMessage(child);
      child.send(starting);
      const started = (await answer) as Started[];
      const exit = once(child, 'exit');
      child.disconnect();
      await exit;
      return started;
    }),
  );
  return answers.flat();
}

function nextMessage(child: ChildProcess): Promise<unknown> {
  return new Promise((resolve, reject) => {
    child.once('message', resolve);
    child.once('exit', (code) => reject(new Error(`A process of starters ended with ${String(code)}.`)));
  });
}

/** What is wrong if not exactly one server was started, or not every task is there once. */
async function checkOneServer(home: CliHome, tasks: number): Promise<string[]> {
  await using client = createClient({ home: home.path });
  const { items } = await client.event.list.query({ types: ['server.started'] });
  const { queue } = await client.system.status.query();
  const processes = processesWith(`CW_HOME=${home.path}`);
  return [
    ...(items.length === 1 ? [] : [`${String(items.length)} servers were started.`]),
    ...(processes.length === 1 ? [] : [`${String(processes.length)} processes run.`]),
    ...(queue.scheduled === tasks ? [] : [`There are ${String(queue.scheduled)} tasks and not ${String(tasks)}.`]),
  ];
}

function many<T>(count: number, work: () => Promise<T>): Promise<T[]> {
  return Promise.all(Array.from({ length: count }, work));
}
