/**
 * Soak: `npm run soak [-- rounds]`. One server runs task after task while clients come and go; prints its size after
 * each round and fails when it does not stay flat. tests/e2e/soak.test.ts is its short form.
 */
import { runSoak } from '../tests/support/soak.js';

/** Memory that may be added after the first third, in MB: the heap breathes by some 10. */
const BREATH_MB = 25;

const [rounds = 20] = process.argv.slice(2).map(Number);
const readings = await runSoak({
  rounds,
  tasksPerRound: 500,
  clientsPerRound: 100,
  onRound: (reading) => {
    console.log(JSON.stringify(reading));
  },
});
const settled = readings[Math.floor(rounds / 3)];
const last = readings.at(-1);
if (settled !== undefined && last !== undefined) {
  const grown = last.rssMb - settled.rssMb;
  console.log(
    `after the first third: ${grown.toFixed(1)} MB, ${String(last.descriptors - settled.descriptors)} descriptors`,
  );
  if (grown > BREATH_MB || last.descriptors > settled.descriptors + 4) process.exitCode = 1;
}
