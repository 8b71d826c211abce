import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, watch, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { appears } from '../appears.js';
import { FAKE_MODEL } from './real-agents.js';

/** A real agent is given up after this, in milliseconds. */
const TIME_LIMIT_MS = 90_000;

export interface AgentRun {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The kit's model with one scenario, alone in a network that holds nothing else, where the system lets one be made. */
export interface FakeModel extends AsyncDisposable {
  readonly url: string;
  /** What agents have asked it so far. */
  requests(): string[];
  /** Resolves once it was asked so often with tools on offer: not for a title. */
  asked(times: number): Promise<void>;
  /** Words before a program and its arguments that put it into the model's network; none where it is no other one. */
  readonly within: readonly string[];
  /** Runs a program in the model's network, with this environment and no other. */
  run(
    program: string,
    args: readonly string[],
    options: { cwd: string; env: Record<string, string> },
  ): Promise<AgentRun>;
}

/** What the model says to some requests instead; see the kit's model. */
export interface Route {
  readonly when: object;
  readonly turns: readonly object[];
}

/** Starts a model that says these turns, one to each request that offers tools and that no route is for. */
export async function startFakeModel(
  turns: readonly object[],
  cwd: string,
  routes: readonly Route[] = [],
): Promise<FakeModel> {
  const directory = mkdtempSync(join(tmpdir(), 'cw-model-'));
  const [scenario, portFile, log] = ['scenario.json', 'port', 'log.jsonl'].map((name) => join(directory, name)) as [
    string,
    string,
    string,
  ];
  writeFileSync(scenario, JSON.stringify({ turns, routes }));
  writeFileSync(log, '');
  const words = [process.execPath, resolve(FAKE_MODEL), '--scenario', scenario, '--port-file', portFile, '--log', log];
  const alone = canBeAlone();
  // The same process all along: unshare and the shell each become the next.
  const isolated = ['unshare', '--net', 'sh', '-c', 'ip link set lo up && exec "$@"', 'sh'];
  const model = start([...(alone ? isolated : []), ...words, '--cwd', cwd], { cwd: directory });
  await appears(portFile);
  const within = alone ? ['nsenter', `--net=/proc/${model.pid}/ns/net`, '--'] : [];
  const url = `http://127.0.0.1:${readFileSync(portFile, 'utf8').trim()}`;
  const requests = () =>
    readFileSync(log, 'utf8')
      .split('\n')
      .filter((line) => line.includes('"kind"'));
  return {
    url,
    requests,
    asked: (times) =>
      new Promise((resolve) => {
        const watcher = watch(log, look);
        look();
        function look() {
          if (requests().filter((line) => !line.includes('"tools":[],"turn"')).length < times) return;
          watcher.close();
          resolve();
        }
      }),
    within,
    run: (program, args, options) => finish(start([...within, program, ...args], options)),
    async [Symbol.asyncDispose]() {
      const ended = new Promise((done) => model.once('close', done));
      model.kill('SIGKILL');
      await ended;
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

function canBeAlone(): boolean {
  const probe = ['--net', 'sh', '-c', 'ip link set lo up && nsenter --net=/proc/$$/ns/net true'];
  return process.platform === 'linux' && spawnSync('unshare', probe, { stdio: 'ignore' }).status === 0;
}

function start(words: readonly string[], options: { cwd: string; env?: Record<string, string> }): ChildProcess {
  const [program = '', ...args] = words;
  return spawn(program, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
}

function finish(child: ChildProcess): Promise<AgentRun> {
  const printed = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name]?.setEncoding('utf8').on('data', (text: string) => {
      printed[name] += text;
    });
  }
  const timer = setTimeout(() => child.kill('SIGKILL'), TIME_LIMIT_MS);
  return new Promise((done, reject) => {
    child.once('error', reject).once('close', (code) => {
      clearTimeout(timer);
      done({ code, ...printed });
    });
  });
}
