/**
 * Builds `dist/` from `src/`, whole or not at all: everything is written to a folder of its own, which then takes the
 * place of `dist/`. A build that fails leaves the previous one as it was.
 *
 *   dist/cli.js, dist/cli-chunks/     the CLI with its dependencies inside, so that a short command reads few files
 *   dist/hook.js                      `cw hook`, which agents run at every step: no package at all in it
 *   dist/main.js, dist/client.js      the server and the public client; their dependencies stay in node_modules
 *   dist/worker.js                    what a worker thread of the server loads
 *   dist/watchdog-thread.js           what its watchdog thread loads
 *   dist/supervisor.cjs               what each running agent has beside it: small, and quick to start
 *   dist/restore.js                   what `cw restore` loads of the server's side
 *   dist/router.js                    nothing: `codewalkers/router` has only a type to offer
 *   dist/types/                       declarations
 */
import { execFileSync } from 'node:child_process';
import { existsSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { findServerImports } from './find-server-imports.mjs';

const CLI = 'src/interfaces/cli/cli.ts';
const SERVER = 'src/main.ts';
const WORKER = 'src/worker.ts';
const HOOK = 'src/interfaces/hook-command/hook.ts';
const CLIENT = 'src/interfaces/client/client.ts';
const RESTORE = 'src/restore.ts';
const WATCHDOG = 'src/infrastructure/event-loop/watchdog-thread.ts';
const SUPERVISOR = 'src/infrastructure/process/supervisor/supervisor.ts';
const ROUTER = 'src/interfaces/trpc/router.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const staging = join(root, `dist.${String(process.pid)}`);

/** @satisfies {import('esbuild').BuildOptions} */
const shared = {
  absWorkingDir: root,
  outdir: staging,
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  sourcemap: true,
  metafile: true,
  logLevel: 'warning',
};

try {
  await buildDist();
  replaceDist();
} catch (error) {
  // esbuild and tsc have already said what is wrong, where it is; only our own words are left to print.
  if (error instanceof Error && !('errors' in error) && !('status' in error)) console.error(`build: ${error.message}`);
  process.exitCode = 1;
} finally {
  rmSync(staging, { recursive: true, force: true });
}

async function buildDist() {
  const missing = [CLI, HOOK, SERVER, WORKER, RESTORE, WATCHDOG, SUPERVISOR, CLIENT, ROUTER].filter(
    (entry) => !existsSync(join(root, entry)),
  );
  if (missing.length > 0) throw new Error(`cannot build without ${missing.join(', ')}`);

  const cli = await build({
    ...shared,
    entryPoints: { cli: CLI },
    chunkNames: 'cli-chunks/[name]-[hash]',
    external: ['better-sqlite3'],
    // The CommonJS of jsonc-parser asks for its parts in a way that no bundler sees.
    mainFields: ['module', 'main'],
    // Bundled CommonJS packages call `require` for Node's own modules, which an ES module does not have.
    banner: {
      js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
    },
  });
  const hook = await build({ ...shared, entryPoints: { hook: HOOK }, chunkNames: 'hook-chunks/[name]-[hash]' });
  const supervisor = await build({
    ...shared,
    entryPoints: { supervisor: SUPERVISOR },
    // Node starts CommonJS some milliseconds sooner.
    format: 'cjs',
    splitting: false,
    outExtension: { '.js': '.cjs' },
  });
  const server = await build({
    ...shared,
    entryPoints: { main: SERVER, worker: WORKER, restore: RESTORE, 'watchdog-thread': WATCHDOG, client: CLIENT },
    chunkNames: 'chunks/[name]-[hash]',
    packages: 'external',
  });

  const strays = [
    ...findServerImports(cli.metafile, CLI),
    ...findServerImports(hook.metafile, HOOK),
    ...[hook, supervisor].flatMap(({ metafile }) => packagesIn(metafile)),
    ...findServerImports(server.metafile, CLIENT),
  ];
  if (strays.length > 0) throw new Error(`the client side must not contain the server:\n  ${strays.join('\n  ')}`);

  writeFileSync(
    join(staging, 'router.js'),
    "// Types only: import type { AppRouter } from 'codewalkers/router'\nexport {};\n",
  );
  const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');
  execFileSync(process.execPath, [tsc, '-p', 'tsconfig.build.json', '--outDir', join(staging, 'types')], {
    cwd: root,
    stdio: 'inherit',
  });
}

/** @param {import('esbuild').Metafile} metafile */
function packagesIn({ inputs }) {
  return Object.keys(inputs).filter((path) => path.includes('node_modules/'));
}

function replaceDist() {
  const dist = join(root, 'dist');
  const previous = `${staging}.previous`;
  if (existsSync(dist)) renameSync(dist, previous);
  renameSync(staging, dist);
  rmSync(previous, { recursive: true, force: true });
}
