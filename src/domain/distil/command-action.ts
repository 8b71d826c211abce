import type { CommandAction } from './action.js';
import { excerpt } from './excerpt.js';
import { readGitStep } from './git-facts.js';
import { installFacts, packagesOf, versionFact } from './package-facts.js';
import { exactProblem, problemOf } from './problem.js';
import { readTestReport } from './test-report.js';

/** Characters of a command that stand for it. */
const LABEL_LENGTH = 80;

/** A command that ran, and what it answered. */
export interface Ran {
  readonly toolUseId: string;
  readonly failed: boolean;
  readonly exitCode: number | null;
  readonly purpose: CommandAction['purpose'];
  readonly words: readonly string[];
  readonly text: string;
  /** Whether its exit code was hidden by a pipe. */
  readonly isPiped: boolean;
}

/** Reads how a command went, and what it tells. */
export function commandAction({ toolUseId, failed, exitCode, purpose, words, text, isPiped }: Ran): CommandAction {
  const mayTest = purpose === 'test' || purpose === 'run' || purpose === 'build' || purpose === 'lint';
  const report = mayTest ? readTestReport(text) : null;
  const told = isPiped && !failed && purpose !== 'run' ? compilerProblem(text) : null;
  const hasFailed = failed || told !== null || (report !== null && report.failed > 0);
  const { facts, subject } = factsOf(purpose, words, text, hasFailed);
  // The lines around a report that tells what failed are its totals.
  const isNamed = report !== null && report.failures.length > 0;
  const problem = told ?? (isNamed ? exactProblem(text) : problemOf(text));
  return {
    kind: 'command',
    toolUseId,
    failed: hasFailed,
    purpose: report !== null && purpose === 'run' ? 'test' : purpose,
    label: excerpt(words.join(' '), LABEL_LENGTH),
    exitCode,
    report,
    problem: hasFailed ? problem : null,
    facts,
    subject: subject === '' ? null : subject,
  };
}

function factsOf(
  purpose: CommandAction['purpose'],
  words: readonly string[],
  text: string,
  failed: boolean,
): Pick<CommandAction, 'facts' | 'subject'> {
  if (purpose === 'step') return readGitStep(words, text, failed);
  if (failed) return { facts: [], subject: null };
  if (purpose === 'install') return { facts: installFacts(packagesOf(words, text), text), subject: null };
  const version = purpose === 'version' ? versionFact(words, text) : null;
  return { facts: version === null ? [] : [version], subject: null };
}

/** What only a compiler or linter writes: "error" alone may be a file's name. */
function compilerProblem(text: string): string | null {
  const problem = exactProblem(text);
  return problem !== null && /^.*[(:]\d+[,:]\d+.*\berror\b|^\d+:\d+\s+error\b|^error\[/u.test(problem) ? problem : null;
}
