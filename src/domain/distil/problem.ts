import { excerpt } from './excerpt.js';

/** How compilers, linters and tests begin the line that says what is wrong; those that tell most come first. */
const EXACT: readonly RegExp[] = [
  // tsc, gcc, clang, swiftc, javac, rustc's plain form: a place, then "error"
  /^(?=.*\berror\b).{0,200}?[\w./\\-]+\.\w{1,5}[(:]\d+(?:[,:]\d+)?\)?:? ?-? ?(?:fatal )?error\b.*$/mu,
  // rustc
  /^error(?:\[E\d+\])?: .*$/mu,
  // go: "./a.go:12:5: undefined: x"
  /^(?:\.\/)?[\w./-]+\.go:\d+:\d+: .*$/mu,
  /^\s*[\w./-]+_test\.go:\d+: .*$/mu,
  // mypy, ruff, flake8: "a.py:3: error: …", "a.py:3:1: F401 …"
  /^[\w./-]+\.py:\d+(?::\d+)?: .*$/mu,
  // eslint: "  12:5  error  'x' is not defined  no-undef"
  /^\s+\d+:\d+\s+error\s+.*$/mu,
  // what a test says of itself
  /^\s*(?:E {3,}|Assertion(?:Error)?\b|AssertionError).*$/mu,
  // exceptions: "TypeError: x is not a function", "java.lang.IllegalStateException: …"
  /^(?:\s*(?:Uncaught|Caused by:) )?[\w.]{0,80}(?:Error|Exception)(?: \[\w+\])?: .*$/mu,
];
/** How programs begin it. */
const LOOSE: readonly RegExp[] = [
  /^\s*(?:npm (?:ERR!|error) (?!code|A complete|errno|syscall|path|Lifecycle|workspace)\S|ERR_\w+|panic: |thread '.*' panicked|Traceback|fatal: |CONFLICT ).*$/mu,
  /^.{0,80}(?:command not found|No such file or directory|[Pp]ermission denied|not recognized as).*$/mu,
  /^.{0,40}\b(?:[Ee]rror|ERROR|FATAL|[Ff]ailed)\b:? .*$/mu,
];

/** The line of a compiler, a linter or a test that tells what went wrong, as a short excerpt; null when there is none. */
export function exactProblem(text: string): string | null {
  return lineLike(EXACT, text);
}

/** What went wrong in something that is known to have failed: at worst the last line that it wrote. */
export function problemOf(text: string): string | null {
  const last = () => text.trimEnd().split('\n').at(-1)?.trim() ?? '';
  return exactProblem(text) ?? lineLike(LOOSE, text) ?? (last() === '' ? null : excerpt(last()));
}

function lineLike(patterns: readonly RegExp[], text: string): string | null {
  for (const pattern of patterns) {
    const line = pattern.exec(text)?.[0];
    if (line !== undefined && line.trim() !== '') return excerpt(line.replace(/^E {3,}/u, ''));
  }
  return null;
}
