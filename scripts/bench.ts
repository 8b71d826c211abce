/**
 * Runs the benchmarks one after the other, each in a process of its own: `npm run bench [-- part-of-a-name … --option …]`.
 * Options are handed on to each.
 * A benchmark is a script `tests/bench/<name>.bench.ts` that prints its figures and fails only if it cannot measure. It
 * is bundled first, as the product is: what a loader does to sources on the fly costs up to a third of the speed.
 */
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const sources = fileURLToPath(new URL('../tests/bench/', import.meta.url));
// As deep as the sources lie, so that what they find relative to themselves is found.
const bundles = fileURLToPath(new URL('../dist/bench/', import.meta.url));
const isOption = (argument: string) => argument.startsWith('--');
const wanted = process.argv.slice(2).filter((argument) => !isOption(argument));
const options = process.argv.slice(2).filter(isOption);
const names = readdirSync(sources)
  .filter((name) => name.endsWith('.bench.ts'))
  .filter((name) => wanted.length === 0 || wanted.some((part) => name.includes(part)));

if (names.length === 0) {
  console.error(`bench: no tests/bench/*.bench.ts is named like ${wanted.join(' or ')}`);
  process.exitCode = 1;
}
for (const name of names) {
  const outfile = bundles + name.replace(/ts$/, 'mjs');
  await build({
    entryPoints: [sources + name],
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    packages: 'external',
    logLevel: 'warning',
  });
  console.log(`\n# ${name}`);
  const { status } = spawnSync(process.execPath, [outfile, ...options], { stdio: 'inherit' });
  if (status !== 0) process.exitCode = 1;
}
