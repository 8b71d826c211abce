/**
 * Runs the benchmarks one after the other, each in a process of its own: `npm run bench [-- part-of-a-name …]`.
 * A benchmark is a script `tests/bench/<name>.bench.ts` that prints its figures and fails only if it cannot measure.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const directory = fileURLToPath(new URL('../tests/bench/', import.meta.url));
const wanted = process.argv.slice(2);
const names = (existsSync(directory) ? readdirSync(directory) : [])
  .filter((name) => name.endsWith('.bench.ts'))
  .filter((name) => wanted.length === 0 || wanted.some((part) => name.includes(part)));

if (names.length === 0) {
  console.error(`bench: no tests/bench/*.bench.ts${wanted.length > 0 ? ` is named like ${wanted.join(' or ')}` : ''}`);
  process.exitCode = 1;
}
// tsx runs this file with loaders in execArgv; handed on, they run the benchmark too.
for (const name of names) {
  console.log(`\n# ${name}`);
  const { status } = spawnSync(process.execPath, [...process.execArgv, directory + name], { stdio: 'inherit' });
  if (status !== 0) process.exitCode = 1;
}
