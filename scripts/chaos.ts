/**
 * Chaos: `npm run chaos [-- tasks rounds toolUses graphs]`. Kills the server at random moments while it runs tasks, in
 * several rounds, and fails unless every acknowledged task ended exactly once, and ran once for each attempt at most; then
 * every half a second for a minute while it runs graphs of 50 tasks, which must also keep their order; then while sessions
 * tell of their tool uses, and fails unless every acknowledged one is there once. tests/e2e/chaos.test.ts is its short form.
 */
import { runGraphChaos } from '../tests/support/chaos/graph-chaos.js';
import { runChaos } from '../tests/support/chaos/task-chaos.js';
import { runCaptureChaos } from '../tests/support/hooks/capture-chaos.js';

const [tasks = 500, rounds = 5, toolUses = 20_000, graphs = 10] = process.argv.slice(2).map(Number);
for (let round = 1; round <= rounds; round += 1) {
  const start = performance.now();
  const report = await runChaos({ tasks, killWithinMs: 1_000 });
  const seconds = ((performance.now() - start) / 1_000).toFixed(1);
  console.log(`round ${String(round)}, ${seconds} s: ${JSON.stringify(report)}`);
  if (report.wrong.length > 0 || report.misrun.length > 0 || report.strays > 0) process.exitCode = 1;
}
const graph = await runGraphChaos({ graphs, killEveryMs: 500, forMs: 60_000 });
console.log(`graphs: ${JSON.stringify(graph)}`);
if ([graph.wrong, graph.misrun, graph.early].some(({ length }) => length > 0) || graph.strays > 0) process.exitCode = 1;
const captured = await runCaptureChaos({ toolUses, killWithinMs: 1_000 });
console.log(`tool uses: ${JSON.stringify(captured)}`);
if (captured.lost > 0 || captured.doubled > 0) process.exitCode = 1;
