/**
 * What a turn of a warm shell agent costs, over real processes: from the call of `prompt` until the program runs, and
 * turns a second, one agent alone and eight at once.
 *
 *     npx tsx tests/bench/shell.bench.ts
 */
import { endOf, openAgentBench } from '../support/agents/agent-bench.js';

const TURNS = 300;
const SHELL = { name: 'shell', protocol: 'shell' } as const;

await using bench = await openAgentBench();
await measure(1);
await measure(8);

async function measure(agents: number): Promise<void> {
  const started: number[] = [];
  const running = await Promise.all(Array.from({ length: agents }, () => bench.start(SHELL)));
  // A server's first turn is another matter.
  await Promise.all(running.map((agent) => endOf(agent.prompt(bench.turn('true')))));
  const begin = performance.now();
  let left = TURNS;
  await Promise.all(
    running.map(async (agent) => {
      while (left > 0) {
        left -= 1;
        const at = performance.now();
        for await (const update of agent.prompt(bench.turn('true'))) {
          if (update.type === 'progress') started.push(performance.now() - at);
          if (update.type === 'turn_end' && update.end.outcome !== 'completed') throw new Error('A turn failed.');
        }
      }
    }),
  );
  const rate = TURNS / ((performance.now() - begin) / 1_000);
  await Promise.all(running.map((agent) => agent.stop()));
  started.sort((a, b) => a - b);
  const at = (share: number) => (started[Math.floor(started.length * share)] ?? NaN).toFixed(2);
  console.log(
    `${String(agents)} warm shell agents: ${rate.toFixed(0)} turns/s, prompt → program runs: p50 ${at(0.5)} ms, p99 ${at(0.99)} ms`,
  );
}
