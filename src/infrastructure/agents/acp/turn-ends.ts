import { z } from 'zod';
import { exitOf, failedEnd, failedTurn, NOTHING } from '../../../application/agent/turn-ends.js';
import type { AgentProcess } from '../../../application/ports/agent-process.js';
import type { AgentUpdate } from '../../../application/ports/agent-update.js';
import type { TurnEnd } from '../../../application/ports/turn-end.js';
import type { Timestamp } from '../../../domain/shared/timestamp.js';
import type { TaskError, TaskResult } from '../../../domain/task/task.js';
import type { RpcError } from './received.js';
import { notSignedIn, quote, refusal, tellsOfSignIn } from './refusal.js';

const Answer = z.object({ stopReason: z.string() });

/** The end of a turn whose prompt was refused or broke. */
export function refusedTurn(name: string, error: RpcError, now: Timestamp, receipt = NOTHING): AgentUpdate[] {
  const { code, message, resetsAt, limit } = refusal(name, error, now);
  const end = { outcome: 'failed', error: { code, message }, exitCode: null, receipt } as const;
  if (code !== 'rate_limited') return [{ type: 'turn_end', end }];
  return [
    { type: 'rate_limit', resetsAt, message },
    { type: 'turn_end', end: { ...end, resetsAt, limit } },
  ];
}

/** The end of a turn whose prompt was answered. `denied` tells whether leave was denied in it. */
export function answeredTurn(name: string, answer: unknown, result: TaskResult, denied: boolean): TurnEnd {
  const reason = Answer.safeParse(answer).data?.stopReason ?? 'end_turn';
  const failed = (code: TaskError['code'], message: string): TurnEnd => failedEnd({ code, message });
  switch (reason) {
    case 'refusal':
      return failed('usage', `${name} refused to go on. Ask it something else.`);
    case 'max_tokens':
      return failed('failed', `${name} stopped: its model's answer reached the limit of tokens.`);
    case 'max_turn_requests':
      return failed(
        'usage',
        `${name} stopped: it asked its model as often as it may in one turn. Ask for less at once.`,
      );
    case 'cancelled':
      // Codex ends its turn when leave is denied.
      return denied
        ? failed('usage', `${name} stopped its turn because it was denied leave.`)
        : failed('failed', `${name} stopped its turn by itself.`);
    default:
      return { outcome: 'completed', result, receipt: NOTHING };
  }
}

/** The end of a turn whose process is gone. */
export async function crashedTurn(
  name: string,
  process: AgentProcess,
  { atStart }: { atStart: boolean },
): Promise<AgentUpdate> {
  const receipt = await process.stop();
  const { how, exitCode } = exitOf(await process.ended);
  const tail = await process.errorTail();
  if (atStart && tellsOfSignIn(tail)) return failedTurn(notSignedIn(name, lastLines(tail)), receipt, exitCode);
  const when = atStart ? 'before it was ready' : 'in the middle of its turn';
  const words = tail.trim() === '' ? '' : ` Its last words: ${quote(lastLines(tail))}`;
  return failedTurn({ code: 'crashed', message: `${name} ${how} ${when}.${words}` }, receipt, exitCode);
}

/** The last lines that say anything. */
function lastLines(tail: string): string {
  const lines = tail.split('\n').filter((line) => line.trim() !== '');
  return lines.slice(-3).join('\n');
}
