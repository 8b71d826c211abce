import type { SerializedError } from 'vitest';
import type { Reporter, TestCase, TestModule, Vitest } from 'vitest/node';

/**
 * Ends the output of a run with `N passed, N failed` (and `, N skipped`) alone on its line, after a list of what was
 * skipped and why. A test that is skipped without a reason, `ctx.skip('why')`, fails the run: nobody would miss it.
 *
 * A file that cannot be loaded, a hook that throws outside a test and an error that nobody caught count as failures,
 * so `0 failed` always means that nothing failed.
 */
export class ClosingLineReporter implements Reporter {
  #filtered = false;

  onInit(vitest: Vitest): void {
    this.#filtered = vitest.config.testNamePattern !== undefined;
  }

  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly SerializedError[]): void {
    const tests = modules.flatMap((module) => [...module.children.allTests()]);
    const passed = tests.filter((test) => test.result().state === 'passed').length;
    const skipped = tests.filter((test) => test.result().state === 'skipped');
    const failed =
      tests.filter((test) => test.result().state === 'failed').length + outsideTests(modules, unhandledErrors);
    // `vitest -t pattern` skips every other test: that is the reason.
    const reported = this.#filtered ? skipped.filter((test) => reasonOf(test) !== undefined) : skipped;
    const unexplained = reported.filter((test) => reasonOf(test) === undefined).length;

    for (const test of reported)
      print(`skipped: ${test.module.relativeModuleId} > ${test.fullName}: ${reasonOf(test) ?? 'NO REASON GIVEN'}`);
    if (unexplained > 0) {
      print(`${unexplained} skipped without a reason: say why with ctx.skip('…').`);
      process.exitCode = 1;
    }
    print(`${passed} passed, ${failed} failed${skipped.length > 0 ? `, ${skipped.length} skipped` : ''}`);
  }
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
