import { execFileSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const SOURCES = ['src', 'scripts', 'package-lock.json', 'tsconfig.json', 'tsconfig.build.json'];
const BUILT = [
  'dist/cli.js',
  'dist/main.js',
  'dist/worker.js',
  'dist/restore.js',
  'dist/client.js',
  'dist/watchdog-thread.js',
  'dist/supervisor.cjs',
];

/** The end-to-end tests run what is built, so what is built must not be older than what it is built from. */
export default function setup(): void {
  if (oldestBuilt() > newestSource()) return;
  execFileSync(process.execPath, ['scripts/build.mjs'], { cwd: root, stdio: 'inherit' });
}

function oldestBuilt(): number {
  return Math.min(...BUILT.map((file) => statSync(root + file, { throwIfNoEntry: false })?.mtimeMs ?? 0));
}

function newestSource(): number {
  const files = SOURCES.flatMap((source) => {
    if (statSync(root + source).isFile()) return [source];
    return readdirSync(root + source, { recursive: true, encoding: 'utf8' }).map((file) => `${source}/${file}`);
  });
  return Math.max(...files.map((file) => statSync(root + file).mtimeMs));
}
