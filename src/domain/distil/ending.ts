import type { CommandAction } from './action.js';
import { distinct } from './excerpt.js';
import { detailOf } from './outcome-fact.js';

/** How one says that a command went well. */
const WENT_WELL: Record<CommandAction['purpose'], string> = {
  test: 'passed',
  lint: 'passed',
  build: 'succeeded',
  install: 'succeeded',
  step: 'succeeded',
  version: 'answered',
  run: 'ran',
};

/** How a stretch of checks went, in sentences: each command once, its first failure and its last result. */
export function endingsOf(checks: readonly CommandAction[], most: number): string[] {
  const labels = distinct(checks.map(({ label }) => label));
  return labels.slice(0, most).map((label) => {
    const runs = checks.filter((check) => check.label === label);
    const [first, last] = [runs[0] as CommandAction, runs.at(-1) as CommandAction];
    const wasBad = runs.find(({ failed }) => failed);
    const end = told(last);
    if (runs.length > 1 && wasBad !== undefined && !last.failed) {
      const before = wasBad === first ? 'first failed' : 'failed in between';
      return `\`${label}\` ${before}${bracketed(detailOf(wasBad))}, then passed${bracketed(detailOf(last))}.`;
    }
    if (runs.length > 1 && last.failed) return `\`${label}\` still fails${bracketed(detailOf(last))}.`;
    return `\`${label}\` ${last.failed ? 'failed' : WENT_WELL[last.purpose]}${end}.`;
  });
}

function told(command: CommandAction): string {
  const { exitCode } = command;
  const code = command.failed && exitCode !== null && exitCode !== 0 ? ` with exit code ${exitCode}` : '';
  return `${code}${bracketed(detailOf(command))}`;
}

function bracketed(detail: string): string {
  return detail === '' ? '' : ` (${detail.replace(/\.$/u, '')})`;
}
