import { distinct, excerpt } from './excerpt.js';

/** How the tests went, in numbers; `unit` is what was counted. */
export interface TestReport {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  readonly unit: 'test' | 'package';
  /** Some of those that failed, by name. */
  readonly failures: readonly string[];
}

/** Most failed tests that are named, and the length of a name. */
const MOST_FAILURES = 3;
const NAME_LENGTH = 100;

type Counts = Partial<Record<'passed' | 'failed' | 'skipped' | 'total', number>>;
interface Format {
  /** Found in every report of this kind, and in no other text: looked for first, as it costs little. */
  readonly mark: RegExp;
  readonly count: (text: string) => Counts;
  readonly unit?: 'package';
}

const FORMATS: readonly Format[] = [
  // vitest: "      Tests  1 failed | 2 passed | 1 skipped (4)"
  { mark: /^\s*Tests {2,}\d/mu, count: (text) => words(lineOf(text, /^\s*Tests {2,}(.*)$/mu)) },
  // jest: "Tests:       1 failed, 2 skipped, 3 passed, 6 total"
  { mark: /^Tests: +\d+ .*total/mu, count: (text) => words(lineOf(text, /^Tests: +(.*)$/mu)) },
  // pytest: "=== 2 failed, 10 passed in 0.12s ===", or the same without bars
  {
    mark: /^=*\s?(?:\d+ \w+, )*\d+ (?:passed|failed|errors?|skipped|xfailed|deselected)\b.* in [\d.]+m?s/mu,
    count: (text) => words(lineOf(text, /^(=*\s?(?:\d+ \w+, )*\d+ (?:passed|failed|error|skipped).*) in [\d.]+m?s/mu)),
  },
  // cargo: "test result: FAILED. 5 passed; 1 failed; 0 ignored", once for each crate
  {
    mark: /^test result: /mu,
    count: (text) =>
      sum(text, /^test result: .*?(\d+) passed; (\d+) failed; (\d+) ignored/gmu, ['passed', 'failed', 'skipped']),
  },
  // Maven: "Tests run: 12, Failures: 1, Errors: 1, Skipped: 0", with the totals last
  { mark: /Tests run: \d+, Failures:/u, count: maven },
  // .NET: "Failed!  - Failed:     1, Passed:     5, Skipped:     0, Total:     6"
  {
    mark: /- Failed: +\d+, Passed: +\d+/u,
    count: (text) => sum(text, /- Failed: +(\d+), Passed: +(\d+), Skipped: +(\d+)/gu, ['failed', 'passed', 'skipped']),
  },
  // Gradle: "12 tests completed, 1 failed"
  {
    mark: /^\d+ tests? completed/mu,
    count: (text) =>
      sum(text, /^(\d+) tests? completed(?:, (\d+) failed)?(?:, (\d+) skipped)?/gmu, ['total', 'failed', 'skipped']),
  },
  // PHPUnit: "OK (12 tests, 20 assertions)" or "Tests: 12, Assertions: 20, Failures: 1."
  { mark: /^OK \(\d+ tests?, /mu, count: (text) => sum(text, /^OK \((\d+) tests?, /gmu, ['passed']) },
  {
    mark: /^Tests: \d+, Assertions:/mu,
    count: (text) => ({
      ...sum(text, /^Tests: (\d+), /gmu, ['total']),
      ...sum(text, /(?:Failures|Errors): (\d+)/gu, ['failed']),
    }),
  },
  // RSpec: "12 examples, 1 failure, 2 pending"
  {
    mark: /^\d+ examples?, \d+ failures?/mu,
    count: (text) =>
      sum(text, /^(\d+) examples?, (\d+) failures?(?:, (\d+) pending)?/gmu, ['total', 'failed', 'skipped']),
  },
  // Python's unittest: "Ran 5 tests in 0.001s" and "FAILED (failures=1, errors=1)"
  {
    mark: /^Ran \d+ tests? in /mu,
    count: (text) => ({
      ...sum(text, /^Ran (\d+) tests? in /gmu, ['total']),
      ...sum(text, /(?:failures|errors)=(\d+)/gu, ['failed']),
    }),
  },
  // node --test and other TAP: "# pass 4", "ℹ fail 1"
  {
    mark: /^[#ℹ] pass(?:ed)? +\d+/mu,
    count: (text) => ({
      ...sum(text, /^[#ℹ] pass(?:ed)? +(\d+)/gmu, ['passed']),
      ...sum(text, /^[#ℹ] (?:fail(?:ed)?|cancelled) +(\d+)/gmu, ['failed']),
      ...sum(text, /^[#ℹ] (?:skipped|skip|todo) +(\d+)/gmu, ['skipped']),
    }),
  },
  // mocha: "  12 passing (30ms)", "  1 failing"
  {
    mark: /^\s+\d+ passing\b/mu,
    count: (text) => ({
      ...sum(text, /^\s+(\d+) passing\b/gmu, ['passed']),
      ...sum(text, /^\s+(\d+) failing\b/gmu, ['failed']),
      ...sum(text, /^\s+(\d+) pending\b/gmu, ['skipped']),
    }),
  },
  // bun: " 5 pass" and " 1 fail"
  {
    mark: /^ +\d+ pass$/mu,
    count: (text) => ({ ...sum(text, /^ +(\d+) pass$/gmu, ['passed']), ...sum(text, /^ +(\d+) fail$/gmu, ['failed']) }),
  },
  // go test -v: a line for each test; without -v one for each package
  {
    mark: /^\s*--- (?:PASS|FAIL): /mu,
    count: (text) => ({
      passed: times(text, /^\s*--- PASS: /gmu),
      failed: times(text, /^\s*--- FAIL: /gmu),
      skipped: times(text, /^\s*--- SKIP: /gmu),
    }),
  },
  {
    mark: /^(?:ok|FAIL) +\t?\S+\s+(?:[\d.]+s|\(cached\)|\[build failed\])/mu,
    count: (text) => ({ passed: times(text, /^ok +\t?\S+\s+/gmu), failed: times(text, /^FAIL +\t?\S+\s+\S/gmu) }),
    unit: 'package',
  },
  // TAP without totals
  {
    mark: /^(?:not )?ok \d+\b/mu,
    count: (text) => ({ passed: times(text, /^ok \d+\b/gmu), failed: times(text, /^not ok \d+\b/gmu) }),
  },
];

/** How each runner names a test that failed. */
const FAILURE_LINES: readonly RegExp[] = [
  /^\s*FAIL +(\S.* > .*)$/gmu,
  /^FAILED (\S+(?: - .*)?)$/gmu,
  /^\s*● (.* › .*)$/gmu,
  /^\s*--- FAIL: (\S+)/gmu,
  /^test (\S+) \.\.\. FAILED$/gmu,
  /^not ok \d+ -? ?(.*)$/gmu,
  /^\s*✖ (?!failing tests)(.*?)(?: \([\d.]+ms\))?$/gmu,
  /^(?:FAIL|ERROR): (\w+ \(.*\))$/gmu,
  /^\[ERROR\] +(\w+\.\w+:\d+.*)$/gmu,
  /^(\S+ > .+) FAILED$/gmu,
  /^rspec (\S+ # .*)$/gmu,
  /^\s*(?:×|✗) (.*?)(?: \d+ms)?$/gmu,
  /^\s{2,}1\) (\S.*)$/gmu,
  /^FAIL\t(\S+)/gmu,
  /^\s*FAIL +(\S+)$/gmu,
];

/** Reads the totals that a test runner printed; null when the text is no report that we know. */
export function readTestReport(text: string): TestReport | null {
  for (const { mark, count, unit = 'test' } of FORMATS) {
    if (!mark.test(text)) continue;
    const { failed = 0, skipped = 0, total, passed = Math.max(0, (total ?? 0) - failed - skipped) } = count(text);
    if (passed + failed + skipped === 0) continue;
    return { passed, failed, skipped, unit, failures: failed === 0 ? [] : failuresIn(text) };
  }
  return null;
}

function failuresIn(text: string): string[] {
  for (const pattern of FAILURE_LINES) {
    const names = distinct(
      matches(text, pattern).map((name) => excerpt(name, NAME_LENGTH)),
      MOST_FAILURES,
    );
    if (names.length > 0) return names;
  }
  return [];
}

function matches(text: string, pattern: RegExp): string[] {
  return [...text.matchAll(pattern)].map((match) => match[1] ?? '');
}

function times(text: string, pattern: RegExp): number {
  return [...text.matchAll(pattern)].length;
}

/** The last such line: what runs more than once tells its totals last. */
function lineOf(text: string, pattern: RegExp): string {
  return matches(text, new RegExp(pattern, `${pattern.flags}g`)).at(-1) ?? '';
}

/** Reads "1 failed | 2 passed (3)" in any order. */
function words(line: string): Counts {
  const counts: Required<Omit<Counts, 'total'>> = { passed: 0, failed: 0, skipped: 0 };
  for (const [, n = '0', word = ''] of line.matchAll(/(\d+) ([a-z]+)/gu)) {
    if (/^passed/u.test(word)) counts.passed += Number(n);
    else if (/^(?:failed|errors?)$/u.test(word)) counts.failed += Number(n);
    else if (/^(?:skipped|todo|pending|xfailed)$/u.test(word)) counts.skipped += Number(n);
  }
  return counts;
}

/** Adds up the groups of every match. */
function sum(text: string, pattern: RegExp, names: readonly (keyof Counts)[]): Counts {
  const counts: Counts = {};
  for (const match of text.matchAll(pattern)) {
    for (const [at, name] of names.entries()) counts[name] = (counts[name] ?? 0) + Number(match[at + 1] ?? 0);
  }
  return counts;
}

function maven(text: string): Counts {
  const last = [...text.matchAll(/Tests run: (\d+), Failures: (\d+), Errors: (\d+), Skipped: (\d+)(?!.* -- in )/gu)].at(
    -1,
  );
  const [total = 0, failures = 0, errors = 0, skipped = 0] = (last ?? []).slice(1).map(Number);
  return { total, failed: failures + errors, skipped };
}
