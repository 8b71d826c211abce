import type { SerializedError } from 'vitest';
import type { Reporter, TestCase, TestModule, TestState, Vitest } from 'vitest/node';

/**
 * Ends the output of a run with `N passed, N failed` (and `, N skipped`) alone on its line, after a list of what was
 * skipped and why.
 *
 * `0 failed` means that nothing failed: a file that cannot be loaded, a hook that throws outside a test and an error
 * that nobody caught are counted too. So is a test that is skipped without a reason, `ctx.skip('why')`: left to
 * itself, such a test is never missed.
 */
export class ClosingLineReporter implements Reporter {
  /** `vitest -t pattern` skips every other test: that is reason enough. */
  #filtered = false;

  onInit(vitest: Vitest): void {
    this.#filtered = vitest.config.testNamePattern !== undefined;
  }

  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly SerializedError[]): void {
    const inState = (state: TestState) => modules.flatMap((module) => [...module.children.allTests(state)]);
    const explained = inState('skipped').filter((test) => this.#filtered || reasonOf(test) !== undefined);
    const unexplained = inState('skipped').filter((test) => !explained.includes(test));

    for (const test of explained) {
      const reason = reasonOf(test);
      if (reason !== undefined) print(`skipped: ${nameOf(test)}: ${reason}`);
    }
    for (const test of unexplained) print(`skipped without a reason, which counts as failed: ${nameOf(test)}`);
    if (unexplained.length > 0) process.exitCode = 1;

    const failed = inState('failed').length + unexplained.length + outsideTests(modules, unhandledErrors);
    const skipped = explained.length > 0 ? `, ${explained.length} skipped` : '';
    print(`${inState('passed').length} passed, ${failed} failed${skipped}`);
  }
}

function nameOf(test: TestCase): string {
  return `${test.module.relativeModuleId} > ${test.fullName}`;
}

function reasonOf(test: TestCase): string | undefined {
  const result = test.result();
  return result.state === 'skipped' ? result.note : undefined;
}

function outsideTests(modules: readonly TestModule[], unhandledErrors: readonly SerializedError[]): number {
  const brokenModules = modules.filter((module) => module.errors().length > 0).length;
  const brokenSuites = modules
    .flatMap((module) => [...module.children.allSuites()])
    .filter((suite) => suite.errors().length > 0);
  return brokenModules + brokenSuites.length + unhandledErrors.length;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
