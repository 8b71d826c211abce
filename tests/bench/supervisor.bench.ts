/**
 * What an agent's supervisor costs, beside `node -e 0`, and how its output streams:
 *
 * * start: from the call to the program that runs under it; memory: VmRSS and PSS of a supervisor with a program;
 * * 10 programs that write 100 MB together, read as they write: the longest block of the event loop, how much of a block
 *   this process worked at most (the rest it waited for a core, which the programs want too), and the memory that it takes
 *   more.
 *
 *     npx tsx tests/bench/supervisor.bench.ts
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { AgentProcess } from '../../src/application/ports/agent-process.js';
import { encodeId } from '../../src/domain/shared/id.js';
import { readProcStat } from '../../src/infrastructure/process/proc-stat.js';
import { testAgentProcesses } from '../support/agents/test-agent-processes.js';

const STARTS = 15;
const AGENTS = 10;
const MEGABYTES_EACH = 10;
const NEVER = new AbortController().signal;
const directory = mkdtempSync(join(tmpdir(), 'cw-bench-'));
const processes = testAgentProcesses(directory);
let last = 0;

try {
  await measureStart();
  await measureStreams();
} finally {
  rmSync(directory, { recursive: true, force: true });
}

function start(program: string, args: string[]): Promise<AgentProcess> {
  last += 1;
  const runId = `bench-${String(process.pid)}-${String(last)}`;
  return processes.start({ agentId: encodeId('agent', last), number: 1, program, args, cwd: directory, runId });
}

async function measureStart(): Promise<void> {
  const times: number[] = [];
  const bare: number[] = [];
  let memory = '';
  for (let round = 0; round < STARTS; round += 1) {
    const nodeBegin = performance.now();
    execFileSync(process.execPath, ['-e', '0']);
    bare.push(performance.now() - nodeBegin);
    const begin = performance.now();
    const agent = await start('/bin/sleep', ['1000']);
    times.push(performance.now() - begin);
    memory = memoryOf(readProcStat(agent.pid)?.parent ?? 0);
    await agent.stop();
  }
  console.log(`supervisor and program started: p50 ${ms(times)} (goal 80 ms); node -e 0: p50 ${ms(bare)}`);
  console.log(`memory of a supervisor: ${memory} (goal 45 MB RSS)`);
}

async function measureStreams(): Promise<void> {
  const program = `
    const line = JSON.stringify({ type: 'text', text: 'x'.repeat(900) }) + '\\n';
    const lines = ${String(MEGABYTES_EACH * 1_000_000)} / line.length;
    for (let n = 0; n < lines; n += 1)
      if (!process.stdout.write(line)) await new Promise((resolve) => process.stdout.once('drain', resolve));
  `;
  const before = process.memoryUsage().rss;
  let peak = before;
  const watch = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage().rss);
  }, 20);
  const agents = await Promise.all(
    Array.from({ length: AGENTS }, () => start(process.execPath, ['--input-type=module', '-e', program])),
  );
  // Starting ten programs at once is another matter: each start forks this process.
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  const stretches = watchStretches();
  const begin = performance.now();
  const told = await Promise.all(agents.map(countOf));
  const seconds = (performance.now() - begin) / 1_000;
  delay.disable();
  const { workedMs, waitedMs } = stretches.stop();
  clearInterval(watch);
  const bytes = told.reduce((sum, each) => sum + each.bytes, 0);
  const sizes = await Promise.all(agents.map((agent) => agent.size()));
  const lost = sizes.reduce((sum, size) => sum + size, 0) - bytes;
  console.log(
    `${String(AGENTS)} agents, ${(bytes / 1e6).toFixed(0)} MB in ${seconds.toFixed(1)} s: loop blocked ${(delay.max / 1e6).toFixed(0)} ms at most (goal 50), ` +
      `worked ${workedMs.toFixed(0)} and waited for a core ${waitedMs.toFixed(0)} ms at most in one, ` +
      `RSS + ${((peak - before) / 1e6).toFixed(0)} MB (goal 100), ${String(lost)} bytes lost`,
  );
}

/** Looks every millisecond at how long the main thread has worked, and waited for a core, since it last could look. */
function watchStretches() {
  let before = schedule();
  const most = { workedMs: 0, waitedMs: 0 };
  const timer = setInterval(() => {
    const now = schedule();
    most.workedMs = Math.max(most.workedMs, now.workedMs - before.workedMs);
    most.waitedMs = Math.max(most.waitedMs, now.waitedMs - before.waitedMs);
    before = now;
  }, 1);
  return {
    stop() {
      clearInterval(timer);
      return most;
    },
  };
}

/** What the scheduler of Linux says of the main thread: proc_pid_schedstat in the kernel's sched-stats.rst, in nanoseconds. */
function schedule() {
  const [worked, waited] = readFileSync(`/proc/self/task/${String(process.pid)}/schedstat`, 'utf8').split(' ');
  return { workedMs: Number(worked) / 1e6, waitedMs: Number(waited) / 1e6 };
}

async function countOf(agent: AgentProcess): Promise<{ bytes: number }> {
  let bytes = 0;
  for await (const { message, end } of agent.messages(0, NEVER)) {
    if (message === undefined) throw new Error('A line held no message.');
    bytes = end;
  }
  return { bytes };
}

function memoryOf(pid: number): string {
  const field = (file: string, name: string) => {
    const line = readFileSync(`/proc/${String(pid)}/${file}`, 'utf8').match(new RegExp(`^${name}:\\s*(\\d+) kB`, 'm'));
    return `${(Number(line?.[1] ?? 0) / 1_024).toFixed(1)} MiB`;
  };
  return `VmRSS ${field('status', 'VmRSS')}, PSS ${field('smaps_rollup', 'Pss')}, of its own ${field('smaps_rollup', 'Private_Dirty')}`;
}

function ms(times: number[]): string {
  return `${(times.sort((a, b) => a - b)[Math.floor(times.length / 2)] ?? 0).toFixed(0)} ms`;
}
