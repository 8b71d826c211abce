/**
 * The server's life: `npm run life [-- part-of-a-name …]`. The long forms of the proofs in tests/e2e/life, each with its
 * figures; fails when one of them finds something that must not be. How fast a machine is decides no exit code.
 */
import { PROOFS } from '../tests/support/life/proofs.js';

const wanted = process.argv.slice(2);
for (const [name, prove] of Object.entries(PROOFS)) {
  if (wanted.length > 0 && !wanted.some((part) => name.includes(part))) continue;
  const start = performance.now();
  const { figures, wrong } = await prove();
  const seconds = ((performance.now() - start) / 1_000).toFixed(1);
  console.log(`${name}, ${seconds} s: ${JSON.stringify(figures)}`);
  for (const sentence of wrong) console.log(`  wrong: ${sentence}`);
  if (wrong.length > 0) process.exitCode = 1;
}
