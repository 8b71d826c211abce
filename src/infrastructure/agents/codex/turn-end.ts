import { stripVTControlCharacters } from 'node:util';
import { answerResult } from '../../../application/agent/answer-result.js';
import { exitOf, failedEnd, NOTHING } from '../../../application/agent/turn-ends.js';
import type { AgentProcess } from '../../../application/ports/agent-process.js';
import type { TurnEnd } from '../../../application/ports/turn-end.js';
import { cutText } from '../../../domain/shared/cut-text.js';
import type { Timestamp } from '../../../domain/shared/timestamp.js';
import type { Cut } from './turn-cut.js';
import type { TurnOutcome } from './turn-reader.js';

/** Longest part of a program's last words that an error quotes, in UTF-16 code units. */
const QUOTE_LENGTH = 400;

/** How a turn came to its end. */
export interface Ending {
  readonly cut: Cut | null;
  readonly outcome: TurnOutcome | null;
  readonly answer: string;
  /** Of the limit that the turn met, if it met one. */
  readonly resetsAt: Timestamp | null;
  /** Whether the process waits for another turn. */
  readonly isWarm: boolean;
}

/** Says how the turn ended. The process is gone by then, or waits for the next one. */
export async function turnEnd(process: AgentProcess, ending: Ending): Promise<TurnEnd> {
  const { cut, outcome, answer, resetsAt, isWarm } = ending;
  const isDone = outcome?.how === 'completed' && cut?.why !== 'aborted';
  if (cut !== null) {
    const receipt = isWarm ? NOTHING : await process.stop();
    if (isDone) return { outcome: 'completed', result: answerResult(answer), receipt };
    return cut.why === 'aborted' ? { outcome: 'aborted', receipt } : failedEnd(cut.error, receipt);
  }
  if (isDone) return { outcome: 'completed', result: answerResult(answer), receipt: NOTHING };
  if (outcome === null) return crashed(process);
  if (outcome.how === 'failed') {
    const { limit, ...error } = outcome.error;
    return { ...failedEnd(error), ...(limit === undefined ? {} : { limit, resetsAt }) };
  }
  return failedEnd({ code: 'failed', message: 'Codex interrupted the turn by itself.' }, NOTHING);
}

async function crashed(process: AgentProcess): Promise<TurnEnd> {
  const end = await process.ended;
  const { how, exitCode } = exitOf(end);
  const said = stripVTControlCharacters(await process.errorTail()).trim();
  const words = said === '' ? '' : ` It said at last: ${cutText(said.slice(-QUOTE_LENGTH), QUOTE_LENGTH)}`;
  const error = { code: 'crashed', message: `Codex ${how} in the middle of the turn.${words}` } as const;
  return failedEnd(error, end.receipt, exitCode);
}
