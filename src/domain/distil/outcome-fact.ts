import type { CommandAction } from './action.js';
import { counted } from './excerpt.js';

/** How a command ended, as a fact of an observation tells it. */
export interface Outcome {
  readonly passed: boolean;
  readonly command: string;
  readonly detail: string;
}

/** The fact that tells how a command ended: ``Failed: `npm test` (exit code 1): 1 of 12 tests failed.`` */
export function outcomeFact(command: CommandAction): string {
  const code = command.exitCode === null || command.exitCode === 0 ? '' : ` (exit code ${command.exitCode})`;
  const detail = detailOf(command);
  return `${command.failed ? 'Failed' : 'Passed'}: \`${command.label}\`${code}${detail === '' ? '' : `: ${detail}`}`;
}

/** Reads such a fact back; undefined for any other. */
function readOutcome(fact: string): Outcome | undefined {
  const [, how, command, detail] = /^(Failed|Passed): `([^`]+)`(?: \(exit code \d+\))?(?:: (.*))?$/su.exec(fact) ?? [];
  return command === undefined ? undefined : { passed: how === 'Passed', command, detail: detail ?? '' };
}

/** The numbers of a test run, or the first error. */
export function detailOf({ report, problem, failed }: CommandAction): string {
  if (report === null) return failed ? (problem ?? '') : '';
  const { passed, failed: bad, skipped, unit, failures } = report;
  const all = passed + bad;
  const rest = skipped === 0 ? '' : `, ${skipped} skipped`;
  if (bad === 0) return `${counted(passed, unit)} passed${rest}${failed && problem !== null ? `; ${problem}` : ''}`;
  const names = failures.length === 0 ? '' : `: ${failures.join('; ')}`;
  const why =
    problem === null || failures.some((name) => name.includes(problem) || problem.includes(name))
      ? ''
      : ` (${problem})`;
  return `${bad} of ${counted(all, unit)} failed${rest}${names}${why}`;
}

/** How each command ended last, in these facts from the oldest to the newest. */
export function lastOutcomesIn(facts: Iterable<string>): Outcome[] {
  const last = new Map<string, Outcome>();
  for (const fact of facts) {
    const outcome = readOutcome(fact);
    if (outcome === undefined) continue;
    last.delete(outcome.command);
    last.set(outcome.command, outcome);
  }
  return [...last.values()];
}

/** Commands that failed last and have not passed since, in these facts from the oldest to the newest. */
export function stillFailing(facts: Iterable<string>): Outcome[] {
  return lastOutcomesIn(facts).filter(({ passed }) => !passed);
}
