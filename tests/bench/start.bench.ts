/**
 * What a user waits for: the whole process of `cw status` beside `node -e 0`, and a server from its start to its first
 * answer; and what an idle server holds. Uses the built bin/cw.js.
 *
 *     npm run build && npx tsx tests/bench/start.bench.ts
 */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { homePaths } from '../../src/home/home-paths.js';
import { fetchHealth } from '../../src/interfaces/client/client.js';

const CW = fileURLToPath(new URL('../../bin/cw.js', import.meta.url));
const RUNS = 21;
const IDLE_MS = 20_000;
/** After the last command, so that what V8 tidies up then is not taken for idling, in milliseconds. */
const SETTLE_MS = 10_000;
/** Clock ticks per second in /proc, the same on every Linux. */
const TICKS_PER_SECOND = 100;
const home = mkdtempSync(join(tmpdir(), 'cw-bench-'));
const env = { ...process.env, CW_HOME: home, CW_PORT: '0' };
const paths = homePaths(home);

try {
  const starts: number[] = [];
  for (let n = 0; n < 5; n += 1) starts.push(await measureServerStart());
  console.log(`server start → first answer: median ${ms(median(starts))} (goal 500 ms)`);

  const server = spawn(process.execPath, [CW, 'serve'], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  await once(server.stdout, 'data');
  const [bare, status, help] = [[], [], []] as [number[], number[], number[]];
  for (let n = 0; n < RUNS; n += 1) {
    bare.push(timeProcess(['-e', '0']));
    status.push(timeProcess([CW, 'status']));
    help.push(timeProcess([CW, '--version']));
  }
  const ratio = (times: number[]) => (median(times) / median(bare)).toFixed(2);
  console.log(`node -e 0: ${ms(median(bare))}`);
  console.log(`cw status: ${ms(median(status))}, ratio ${ratio(status)} (goal 3)`);
  console.log(`cw --version: ${ms(median(help))}, ratio ${ratio(help)}`);

  await wait(SETTLE_MS);
  const before = cpuSeconds(server.pid);
  await wait(IDLE_MS);
  const share = ((cpuSeconds(server.pid) - before) / (IDLE_MS / 1_000)) * 100;
  console.log(
    `idle for ${String(IDLE_MS / 1_000)} s: RSS ${rssMb(server.pid)} MB (goal 150), ${share.toFixed(2)} % of a core (goal 0.2)`,
  );
  server.kill('SIGTERM');
  await once(server, 'exit');
} finally {
  rmSync(home, { recursive: true, force: true });
}

/** From the start of the process until /health answers on the socket, in milliseconds. */
async function measureServerStart(): Promise<number> {
  const start = performance.now();
  const server = spawn(process.execPath, [CW, 'serve'], { env, stdio: ['ignore', 'ignore', 'inherit'] });
  while (!(await fetchHealth({ socketPath: paths.socket })).found) await wait(2);
  const took = performance.now() - start;
  server.kill('SIGTERM');
  await once(server, 'exit');
  return took;
}

function timeProcess(args: string[]): number {
  const start = performance.now();
  execFileSync(process.execPath, args, { env, stdio: 'ignore' });
  return performance.now() - start;
}

function cpuSeconds(pid: number | undefined): number {
  const fields =
    readFileSync(`/proc/${String(pid)}/stat`, 'utf8')
      .split(') ')[1]
      ?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}

function rssMb(pid: number | undefined): string {
  const kilobytes = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${String(pid)}/status`, 'utf8'))?.[1];
  return (Number(kilobytes) / 1_000).toFixed(0);
}

function median(times: number[]): number {
  return times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)] ?? Number.NaN;
}

function ms(time: number): string {
  return `${time.toFixed(1)} ms`;
}
