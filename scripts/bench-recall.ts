/**
 * Measures how well questions are answered: `npm run bench:recall [-- --data items.jsonl --queries queries.jsonl]`.
 * See tests/bench/recall/main.ts for what it takes. It is bundled first, as the product is.
 */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const entry = fileURLToPath(new URL('../tests/bench/recall/main.ts', import.meta.url));
// As deep as the source lies, so that what it finds relative to itself is found.
const outfile = fileURLToPath(new URL('../dist/bench/recall/main.mjs', import.meta.url));
await build({
  entryPoints: [entry],
  outfile,
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  packages: 'external',
  logLevel: 'warning',
});
process.exitCode = spawnSync(process.execPath, [outfile, ...process.argv.slice(2)], { stdio: 'inherit' }).status ?? 1;
