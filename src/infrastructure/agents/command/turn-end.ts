import { stripVTControlCharacters } from 'node:util';
import type { OutputTail } from '../../../application/ports/attempt-files.js';
import type { ProgramStart } from '../../../application/ports/program-runner.js';
import type { Ran, TurnEnd } from '../../../application/ports/turn-end.js';
import { messageOf } from '../../../domain/shared/thrown.js';
import type { RetryRuling } from '../../../domain/task/retry-rules.js';
import type { TaskErrorCode } from '../../../domain/task/task.js';

/** Longest part of an output line that an error quotes, in UTF-16 code units: about two lines of a terminal. */
const QUOTE_LENGTH = 200;

/** What is run, and where; see `Ran`. */
export type Running = Omit<Ran, 'output'>;

/** Waits for the end of a program and says what it means for the turn. `tail` reads the end of its output, `rule` says what an exit code means for another attempt. */
export async function turnEnd(
  start: ProgramStart,
  timeoutMs: number,
  tail: () => Promise<OutputTail>,
  running: Running,
  rule: (exitCode: number) => RetryRuling | undefined = () => undefined,
): Promise<TurnEnd> {
  const failed = (
    code: TaskErrorCode,
    message: string,
    receipt: TurnEnd['receipt'],
    exitCode: number | null = null,
    output = '',
  ): TurnEnd => ({
    outcome: 'failed',
    error: { code, message },
    exitCode,
    receipt,
    ...(exitCode === null ? {} : { retry: rule(exitCode) }),
    ran: { ...running, output },
  });

  if (!start.started) return failed(start.temporary ? 'failed' : 'usage', start.problem, { ended: 0, left: 0 });
  const end = await start.end;
  const { receipt } = end;
  switch (end.how) {
    case 'aborted':
      return { outcome: 'aborted', receipt };
    case 'timeout':
      return failed('timeout', `Ran longer than its time limit of ${inWords(timeoutMs)} and was stopped.`, receipt);
    case 'flooded':
      return failed('failed', 'Wrote more output than one attempt may keep and was stopped.', receipt);
    case 'killed':
      return failed('crashed', `Ended by signal ${end.signal}.`, receipt);
    case 'exited': {
      const { exitCode } = end;
      const output = await tail().catch((error: unknown) => unreadable(error));
      if (typeof output === 'string') return failed('failed', output, receipt, exitCode);
      if (exitCode === 0) {
        const ran = { ...running, output: output.text };
        return { outcome: 'completed', result: { ...output, exitCode }, receipt, ran };
      }
      const message = `Exited with code ${exitCode}.${lastLine(output.text)}`;
      return failed('failed', message, receipt, exitCode, output.text);
    }
  }
}

/** An agent may do to its output file whatever its user may: remove it, or put something else in its place. */
function unreadable(error: unknown): string {
  return `Its output cannot be read (${messageOf(error)}).`;
}

/** The last line that says anything, for the error message; programs tend to end with what went wrong. */
function lastLine(text: string): string {
  const lines = stripVTControlCharacters(text)
    .trimEnd()
    .split(/[\r\n]/);
  const line = lines.at(-1)?.trim() ?? '';
  if (line === '') return '';
  return ` Last line of its output: ${line.length > QUOTE_LENGTH ? `${line.slice(0, QUOTE_LENGTH).trimEnd()} …` : line}`;
}

function inWords(durationMs: number): string {
  if (durationMs < 1_000) return `${durationMs} ms`;
  if (durationMs < 120_000) return `${Math.round(durationMs / 100) / 10} s`;
  return `${Math.round(durationMs / 6_000) / 10} min`;
}
