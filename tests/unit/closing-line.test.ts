import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));

describe('the closing line of a test run', { timeout: 30_000 }, () => {
  it('counts what passed, and what was skipped for a reason', () => {
    const run = runTests(`
      it('passes', () => undefined);
      it('is skipped', (test) => test.skip('no network here'));`);
    expect(run.lastLines).toEqual([
      'skipped: sample.test.ts > is skipped: no network here',
      '1 passed, 0 failed, 1 skipped',
    ]);
    expect(run.status).toBe(0);
  });

  it('counts a test that is skipped without a reason as failed, and fails the run', () => {
    const run = runTests(`
      it('passes', () => undefined);
      it.skip('is forgotten', () => undefined);`);
    expect(run.lastLines).toEqual([
      'skipped without a reason, which counts as failed: sample.test.ts > is forgotten',
      '1 passed, 1 failed',
    ]);
    expect(run.status).toBe(1);
  });

  it('does not ask why tests were skipped that a name filter left out', () => {
    const run = runTests(`it('passes', () => undefined); it('is left out', () => undefined);`, '-t', 'passes');
    expect(run.lastLines.at(-1)).toBe('1 passed, 0 failed, 1 skipped');
    expect(run.status).toBe(0);
  });

  it('counts failures outside of tests', () => {
    const run = runTests(`
      it('passes', () => { void Promise.reject(new Error('nobody catches this')); });
      describe('suite', () => { afterAll(() => { throw new Error('in a hook'); }); it('passes', () => undefined); });`);
    expect(run.lastLines.at(-1)).toBe('2 passed, 2 failed');
    expect(run.status).toBe(1);
  });
});

/** Runs vitest, with our reporter, on one test file in a directory of its own. */
function runTests(body: string, ...options: string[]): { status: number | null; lastLines: string[] } {
  const directory = mkdtempSync(join(tmpdir(), 'cw-closing-line-'));
  try {
    symlinkSync(join(root, 'node_modules'), join(directory, 'node_modules'), 'junction');
    writeFileSync(join(directory, 'sample.test.ts'), `import { afterAll, describe, it } from 'vitest';${body}`);
    writeFileSync(
      join(directory, 'vitest.config.ts'),
      `import { ClosingLineReporter } from ${JSON.stringify(join(root, 'tests/support/closing-line-reporter.ts'))};
       export default { test: { reporters: ['default', new ClosingLineReporter()] } };`,
    );
    const { status, stdout } = spawnSync(
      process.execPath,
      [join(root, 'node_modules/vitest/vitest.mjs'), 'run', '--root', directory, ...options],
      { cwd: directory, encoding: 'utf8', env: { PATH: process.env['PATH'], NO_COLOR: '1' } },
    );
    return { status, lastLines: stdout.trimEnd().split('\n').slice(-2) };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
