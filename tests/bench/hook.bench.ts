/**
 * What an agent waits for at each of its hooks: the whole process of `cw hook` beside `node -e 0`, with a server that
 * answers, with none, and with one that is stopped. Wall clock and processor time; uses the built bin/cw.js.
 *
 *     npm run build && npx tsx tests/bench/hook.bench.ts
 */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const CW = fileURLToPath(new URL('../../bin/cw.js', import.meta.url));
const RUNS = 31;
const EVENT = JSON.stringify({
  session_id: 'bench',
  hook_event_name: 'PostToolUse',
  cwd: tmpdir(),
  tool_name: 'Bash',
  tool_input: { command: 'npm test' },
  tool_response: { stdout: 'x'.repeat(2_000), stderr: '' },
  tool_use_id: 'toolu_bench',
});
const home = mkdtempSync(join(tmpdir(), 'cw-bench-'));
const env = { ...process.env, CW_HOME: home, CW_PORT: '0', CW_NO_AUTOSTART: '1' };
const HOOK = [CW, 'hook', 'post-tool-use', '--source', 'claude'];

try {
  report('no server runs: the event goes to the spool', compare(RUNS));

  const server = spawn(process.execPath, [CW, 'serve'], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  await once(server.stdout, 'data');
  report('a server answers', compare(RUNS));

  server.kill('SIGSTOP');
  const [first, second] = [time(HOOK), time(HOOK)];
  console.log(
    `server stopped (SIGSTOP): first hook ${first.toFixed(0)} ms, next one ${second.toFixed(0)} ms (goal 1000 ms)`,
  );
  server.kill('SIGCONT');
  server.kill('SIGTERM');
  await once(server, 'exit');
} finally {
  rmSync(home, { recursive: true, force: true });
}

/** Takes turns, so that whatever else the machine does falls on both. */
function compare(runs: number): { readonly bare: number; readonly hook: number } {
  const [bare, hook]: [number[], number[]] = [[], []];
  for (let n = 0; n < runs; n += 1) {
    bare.push(time(['-e', '0']));
    hook.push(time(HOOK));
  }
  return { bare: median(bare), hook: median(hook) };
}

function time(args: string[]): number {
  const start = performance.now();
  spawnSync(process.execPath, args, { env, input: EVENT });
  return performance.now() - start;
}

function report(what: string, { bare, hook }: ReturnType<typeof compare>): void {
  console.log(
    `${what}: ${hook.toFixed(1)} ms beside node -e 0 ${bare.toFixed(1)} ms, ratio ${(hook / bare).toFixed(2)} (goal 1.6)`,
  );
}

function median(times: number[]): number {
  return times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)] ?? Number.NaN;
}
