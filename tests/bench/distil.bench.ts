/**
 * Tool uses per second through the rules distiller, on the cases of its table: as they are, and with answers of 30 kB
 * as long test runs give. One turn at a time, as the queue hands them over. Counted in this process's own time on a
 * processor, so that what else the machine does is left out.
 *
 *     npx tsx tests/bench/distil.bench.ts [tool uses]
 */
import { distilByRules } from '../../src/domain/distil/distil-by-rules.js';
import { COMMANDS, FINDINGS, WORK } from '../unit/domain/distil/cases.js';
import { numbered, ROOT } from '../unit/domain/distil/uses.js';

const USES = Number(process.argv[2] ?? 50_000);
const ROUNDS = 3;
const GOAL = 2_000;
const NOISE = Array.from(
  { length: 400 },
  (_, n) => `  at step ${n} of node:internal/process/task_queues:105:5 in the run\n`,
).join('');

const turns = [...WORK, ...COMMANDS, ...FINDINGS].map(({ prompt, uses, earlierFacts = [] }) => ({
  prompt,
  root: ROOT,
  earlierFacts,
  toolUses: numbered(uses),
}));
const longTurns = turns.map((turn) => ({
  ...turn,
  toolUses: turn.toolUses.map((use) => ({
    ...use,
    result: use.result.startsWith('{') ? use.result : NOISE + use.result,
  })),
}));

for (const [name, stretches] of [
  ['answers as they are', turns],
  ['answers of 30 kB', longTurns],
] as const) {
  const rates = Array.from({ length: ROUNDS }, () => rate(stretches)).sort((a, b) => a - b);
  const [low = 0, median = 0] = rates;
  console.log(`${name}: ${Math.round(median)} tool uses/s, lowest ${Math.round(low)} (goal ${GOAL})`);
}

function rate(stretches: typeof turns): number {
  let uses = 0;
  const start = process.cpuUsage();
  while (uses < USES) {
    for (const stretch of stretches) {
      distilByRules(stretch);
      uses += stretch.toolUses.length;
    }
  }
  const { user, system } = process.cpuUsage(start);
  return (uses / (user + system)) * 1_000_000;
}
