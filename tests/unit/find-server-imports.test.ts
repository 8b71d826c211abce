import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { build } from 'esbuild';
import { describe, expect, it } from 'vitest';
import { findServerImports } from '../../scripts/find-server-imports.mjs';

const CLI = 'src/interfaces/cli/cli.ts';

describe('the check that the client side is free of the server', () => {
  it('finds nothing where only types of the server are imported', async () => {
    const found = await serverImportsOf({
      [CLI]: `import type { AppRouter } from '../trpc/router.js'; import '../client/client.js'; import '../../domain/task.js';`,
      'src/interfaces/client/client.ts': `import type { AppRouter } from '../trpc/router.js';`,
      'src/interfaces/trpc/router.ts': '',
      'src/domain/task.ts': '',
    });
    expect(found).toEqual([]);
  });

  it('finds what is imported, on the way or on demand, and says how it is reached', async () => {
    const found = await serverImportsOf({
      [CLI]: `import './status.js'; await import('../../application/cancel-task.js');`,
      'src/interfaces/cli/status.ts': `import '../trpc/router.js';`,
      'src/interfaces/trpc/router.ts': '',
      'src/application/cancel-task.ts': '',
    });
    expect(found.sort()).toEqual([
      `${CLI} → src/application/cancel-task.ts`,
      `${CLI} → src/interfaces/cli/status.ts → src/interfaces/trpc/router.ts`,
    ]);
  });

  it('finds the database driver', async () => {
    expect(await serverImportsOf({ [CLI]: `import 'better-sqlite3';` })).toEqual([`${CLI} → better-sqlite3`]);
  });

  it('lets the lock for starting a server use the driver, if it is loaded on demand', async () => {
    const lock = { 'src/home/file-lock.ts': `import 'better-sqlite3';` };
    expect(await serverImportsOf({ [CLI]: `await import('../../home/file-lock.js');`, ...lock })).toEqual([]);
    expect(await serverImportsOf({ [CLI]: `import '../../home/file-lock.js';`, ...lock })).toHaveLength(1);
  });
});

async function serverImportsOf(files: Record<string, string>): Promise<string[]> {
  const directory = mkdtempSync(join(tmpdir(), 'cw-server-imports-'));
  try {
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(dirname(join(directory, path)), { recursive: true });
      writeFileSync(join(directory, path), content);
    }
    const { metafile } = await build({
      absWorkingDir: directory,
      entryPoints: [CLI],
      bundle: true,
      format: 'esm',
      external: ['better-sqlite3'],
      metafile: true,
      write: false,
    });
    return findServerImports(metafile, CLI);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
