import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { cruise } from 'dependency-cruiser';
import { describe, expect, it } from 'vitest';
import configuration from '../../.dependency-cruiser.mjs';

type Files = Record<string, string>;

const PACKAGES: Files = {
  'package.json': JSON.stringify({
    type: 'module',
    dependencies: { zod: '*', pino: '*', 'better-sqlite3': '*' },
    devDependencies: { vitest: '*' },
  }),
  ...Object.fromEntries(
    ['zod', 'pino', 'better-sqlite3', 'vitest', 'undeclared'].flatMap((name) => [
      [`node_modules/${name}/package.json`, JSON.stringify({ name, version: '1.0.0', main: 'index.js' })],
      [`node_modules/${name}/index.js`, ''],
    ]),
  ),
};

/** Every layer imports what it may, in every way it may. */
const CLEAN: Files = {
  'src/main.ts': `import './daemon.js';`,
  'src/daemon.ts': `
    import './config.js';
    import './application/task/cancel-task.js';
    import './infrastructure/sqlite/sqlite-task-repository.js';
    import './infrastructure/process/process-sweeper.js';
    import './infrastructure/agents/acp/acp-runtime.js';
    import './infrastructure/agents/claude/claude-runtime.js';
    import './composition/storage-service.js';
    import './composition/workers-service.js';
    import './interfaces/trpc/router.js';`,
  'src/restore.ts': `import './infrastructure/sqlite/sqlite-task-repository.js';`,
  'src/worker.ts': `
    import './composition/worker-jobs.js';
    import './infrastructure/process/process-sweeper.js';`,
  'src/composition/worker-jobs.ts': `await import('../infrastructure/sqlite/sqlite-task-repository.js');`,
  'src/composition/workers-service.ts': `import type { WorkerJobs } from './worker-jobs.js';`,
  'src/composition/storage-service.ts': `
    import '../config.js';
    import '../infrastructure/sqlite/sqlite-task-repository.js';`,
  'src/config.ts': `import { readFileSync } from 'node:fs'; import { z } from 'zod'; import { Task } from './domain/task/task.js';`,
  'src/domain/task/task.ts': `import { z } from 'zod'; import type { TaskId } from './task-id.js';`,
  'src/domain/task/task-id.ts': `import { z } from 'zod';`,
  'src/application/ports/clock.ts': `import type { Task } from '../../domain/task/task.js';`,
  'src/application/task/cancel-task.ts': `
    import { randomUUID } from 'node:crypto';
    import { z } from 'zod';
    import { Task } from '../../domain/task/task.js';
    import type { Clock } from '../ports/clock.js';`,
  'src/infrastructure/sqlite/sqlite-task-repository.ts': `
    import Database from 'better-sqlite3';
    import type { Clock } from '../../application/ports/clock.js';
    import { query } from './statements/task-statements.js';`,
  'src/infrastructure/sqlite/statements/task-statements.ts': `import { Task } from '../../../domain/task/task.js';`,
  'src/infrastructure/process/process-sweeper.ts': `import { spawn } from 'node:child_process';`,
  'src/infrastructure/agents/acp/acp-runtime.ts': `import type { Clock } from '../../../application/ports/clock.js';`,
  'src/infrastructure/agents/claude/claude-runtime.ts': `import type { Clock } from '../../../application/ports/clock.js';`,
  'src/interfaces/trpc/router.ts': `import { createCancelTask } from '../../application/task/cancel-task.js';`,
  'src/interfaces/client/client.ts': `import type { AppRouter } from '../trpc/router.js';`,
  'src/interfaces/cli/cli.ts': `
    import type { AppRouter } from '../trpc/router.js';
    import { createClient } from '../client/client.js';
    const { Task } = await import('../../domain/task/task.js');`,
  'tests/unit/task.test.ts': `
    import { it } from 'vitest';
    import '../../src/daemon.js';
    import '../../src/infrastructure/sqlite/sqlite-task-repository.js';
    import '../../src/interfaces/trpc/router.js';`,
};

/** For each rule, files which, put into the clean tree one at a time, break this rule and no other. */
const VIOLATIONS: Record<string, [path: string, content: string][]> = {
  'domain-knows-only-zod': [
    ['src/domain/task/bad.ts', `import { randomUUID } from 'node:crypto';`],
    ['src/domain/task/bad.ts', `import pino from 'pino';`],
    ['src/domain/task/bad.ts', `import type { Clock } from '../../application/ports/clock.js';`],
  ],
  'application-knows-only-the-domain': [
    ['src/application/task/bad.ts', `import pino from 'pino';`],
    ['src/application/task/bad.ts', `import type { Database } from 'better-sqlite3';`],
    ['src/application/task/bad.ts', `import '../../infrastructure/sqlite/sqlite-task-repository.js';`],
    ['src/application/task/bad.ts', `import type { X } from '../../infrastructure/process/process-sweeper.js';`],
    ['src/application/task/bad.ts', `import type { Config } from '../../config.js';`],
  ],
  'application-does-no-io': [
    ['src/application/task/bad.ts', `import { readFile } from 'node:fs/promises';`],
    ['src/application/task/bad.ts', `import { spawn } from 'child_process';`],
  ],
  'adapters-stay-apart': [
    ['src/infrastructure/sqlite/bad.ts', `import '../process/process-sweeper.js';`],
    ['src/infrastructure/sqlite/statements/bad.ts', `import type { X } from '../../process/process-sweeper.js';`],
    ['src/infrastructure/agents/acp/bad.ts', `import '../claude/claude-runtime.js';`],
    ['src/infrastructure/agents/acp/bad.ts', `import '../../process/process-sweeper.js';`],
    ['src/infrastructure/process/bad.ts', `import '../agents/acp/acp-runtime.js';`],
  ],
  'infrastructure-knows-no-interface': [
    ['src/infrastructure/sqlite/bad.ts', `import type { AppRouter } from '../../interfaces/trpc/router.js';`],
  ],
  'interfaces-know-no-infrastructure': [
    ['src/interfaces/trpc/bad.ts', `import '../../infrastructure/sqlite/sqlite-task-repository.js';`],
    ['src/interfaces/cli/bad.ts', `import type { X } from '../../infrastructure/process/process-sweeper.js';`],
  ],
  'cli-stays-out-of-the-server': [
    ['src/interfaces/cli/bad.ts', `import { router } from '../trpc/router.js';`],
    [
      'src/interfaces/cli/bad.ts',
      `import type { AppRouter } from '../trpc/router.js'; import { router } from '../trpc/router.js';`,
    ],
    ['src/interfaces/cli/bad.ts', `await import('../../application/task/cancel-task.js');`],
  ],
  'client-stays-out-of-the-server': [
    ['src/interfaces/client/bad.ts', `import { router } from '../trpc/router.js';`],
    ['src/interfaces/client/bad.ts', `import { x } from '../cli/cli.js';`],
  ],
  'only-the-composition-root-knows-everything': [
    ['src/bad.ts', `import './infrastructure/sqlite/sqlite-task-repository.js';`],
    ['src/bad.ts', `import type { AppRouter } from './interfaces/trpc/router.js';`],
    ['src/home/bad.ts', `import '../infrastructure/sqlite/sqlite-task-repository.js';`],
  ],
  'nothing-imports-the-composition-root': [
    ['src/interfaces/trpc/bad.ts', `import type { Daemon } from '../../daemon.js';`],
    ['src/infrastructure/sqlite/bad.ts', `import '../../daemon.js';`],
    ['src/interfaces/http/bad.ts', `import '../../composition/storage-service.js';`],
    ['src/infrastructure/sqlite/bad.ts', `import type { WorkerJobs } from '../../composition/worker-jobs.js';`],
  ],
  'jobs-run-in-the-worker': [
    ['src/composition/bad.ts', `import { workerJobs } from './worker-jobs.js';`],
    ['src/composition/bad.ts', `import '../worker.js';`],
  ],
  'src-imports-only-src': [['src/interfaces/trpc/bad.ts', `import '../../../tests/unit/task.test.js';`]],
  'no-dev-dependency': [['src/interfaces/trpc/bad.ts', `import { it } from 'vitest';`]],
  'no-undeclared-package': [['src/interfaces/trpc/bad.ts', `import 'undeclared';`]],
  'no-unresolvable': [['src/interfaces/trpc/bad.ts', `import './missing.js';`]],
  'no-deprecated-core': [['src/interfaces/trpc/bad.ts', `import 'punycode';`]],
  'no-circular': [
    ['src/domain/task/task-id.ts', `import type { Task } from './task.js';`],
    ['src/domain/task/task-id.ts', `import { Task } from './task.js';`],
  ],
  'no-orphans': [['src/domain/task/bad.ts', `export const alone = true;`]],
};

describe('import rules', () => {
  it('let every layer import what it may', async () => {
    expect(await rulesBrokenBy({})).toEqual([]);
  });

  it('are all put to the test below', () => {
    expect(Object.keys(VIOLATIONS)).toEqual(configuration.forbidden.map((rule) => rule.name));
  });

  const cases = Object.entries(VIOLATIONS).flatMap(([rule, files]) => files.map((file) => [rule, ...file] as const));

  it.each(cases)('%s: breaks when %s has %s', async (rule, path, content) => {
    expect(await rulesBrokenBy({ [path]: content })).toEqual([rule]);
  });
});

/** The names of the rules that are broken by the clean tree with `edit` laid over it. */
async function rulesBrokenBy(edit: Files): Promise<string[]> {
  const directory = realpathSync(mkdtempSync(join(tmpdir(), 'cw-import-rules-')));
  try {
    for (const [path, content] of Object.entries({ ...PACKAGES, ...CLEAN, ...edit })) {
      mkdirSync(dirname(join(directory, path)), { recursive: true });
      writeFileSync(join(directory, path), content);
    }
    const { forbidden, options } = configuration;
    const { output } = await cruise(['src', 'tests'], {
      ...options,
      baseDir: directory,
      validate: true,
      ruleSet: { forbidden },
    });
    if (typeof output === 'string') throw new Error(`dependency-cruiser answered with text: ${output}`);
    return [...new Set(output.summary.violations.map((violation) => violation.rule.name))];
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
