import { MAX_NAME_LENGTH } from '../../../domain/session/capture-limits.js';
import type { SessionId } from '../../../domain/shared/id.js';
import type { Timestamp } from '../../../domain/shared/timestamp.js';
import { attemptName } from '../../../domain/task/attempt.js';
import type { ProcessingTask } from '../../../domain/task/task.js';
import type { Dependencies } from '../../dependencies.js';
import type { createProveAccount } from '../../limit/prove-account.js';
import type { createWithdrawPermissions } from '../../permission/withdraw-permissions.js';
import type { AgentUpdate } from '../../ports/agent-update.js';
import type { AttemptFiles } from '../../ports/attempt-files.js';
import type { TurnEnd } from '../../ports/turn-end.js';
import type { createJoinConversation } from '../../session/join-conversation.js';
import type { OpeningConversations } from '../../session/opening-conversations.js';
import type { RecordToolUses } from '../../session/record-tool-uses.js';
import type { createProgressTask } from '../../task/progress-task.js';
import type { createKeepAnswer } from './keep-answer.js';
import { writeKeptMark } from './kept-mark.js';
import { planProgress } from './plan-progress.js';
import type { createOpenStallClock, StallCallbacks } from './stall-clock.js';
import type { BudgetCallbacks, createOpenTurnBudget } from './turn-budget.js';
import type { createOpenTurnPermissions, TurnCallbacks } from './turn-permissions.js';
import { createTurnText } from './turn-text.js';

/** Tool calls that have no result yet, at most; an agent that opens more never tells their results. */
const MAX_OPEN_CALLS = 1_000;

type ToolCall = Extract<AgentUpdate, { type: 'tool_call' }> & { readonly at: Timestamp };

export interface TurnRecorderNeeds extends Pick<Dependencies, 'transaction' | 'clock' | 'logger'> {
  readonly attemptFiles: AttemptFiles;
  readonly progressTask: ReturnType<typeof createProgressTask>;
  readonly joinConversation: ReturnType<typeof createJoinConversation>;
  readonly opening: Pick<OpeningConversations, 'begin'>;
  readonly recordToolUses: (command: RecordToolUses, via: 'stream') => Promise<unknown>;
  readonly keepAnswer: ReturnType<typeof createKeepAnswer>;
  readonly openTurnPermissions: ReturnType<typeof createOpenTurnPermissions>;
  readonly openTurnBudget: ReturnType<typeof createOpenTurnBudget>;
  readonly openStallClock: ReturnType<typeof createOpenStallClock>;
  readonly proveAccount: ReturnType<typeof createProveAccount>;
  readonly withdrawPermissions: ReturnType<typeof createWithdrawPermissions>;
}

/** Stores what one turn of an agent tells: its output, its tool uses, how far it has come, its last words. */
export interface TurnRecorder extends AsyncDisposable {
  /** Resolves when the update is stored. Throws a DomainError when the attempt is over. */
  take(update: AgentUpdate): Promise<void>;
}

/** Who hears what becomes of a turn. */
export type TurnListener = TurnCallbacks & BudgetCallbacks & Pick<StallCallbacks, 'stalled'>;

/** Opens the recorder of an attempt. What an earlier server has written of the same turn is not written twice. */
export function createOpenTurnRecorder(needs: TurnRecorderNeeds) {
  const { attemptFiles, progressTask, joinConversation, recordToolUses, keepAnswer, clock, logger } = needs;
  const { openTurnPermissions, openTurnBudget, openStallClock, withdrawPermissions } = needs;
  return (task: ProcessingTask, sessionId: SessionId, callbacks: TurnListener): TurnRecorder => {
    const { id, epoch } = task;
    const output = attemptFiles.openOutput(attemptName(id, epoch));
    const permissions = openTurnPermissions(task, sessionId, callbacks);
    const budget = openTurnBudget(task, sessionId, callbacks);
    const stallClock = openStallClock(task, { ...callbacks, isWaiting: permissions.isWaiting });
    const hasOpened = needs.opening.begin(task.agentId, sessionId);
    const text = createTurnText();
    const calls = new Map<string, ToolCall>();
    const unknown = new Map<string, number>();

    let isProven = false;

    /** Words may be those of an error that the agent made up itself; a tool is called by a model that answers. */
    async function prove(): Promise<void> {
      if (isProven) return;
      isProven = true;
      await needs.proveAccount(task);
    }

    async function keepResult({
      toolUseId,
      outcome,
      output: result,
    }: Extract<AgentUpdate, { type: 'tool_result' }>): Promise<void> {
      const call = calls.get(toolUseId);
      // One that nothing was heard of when it began tells too little to be remembered.
      if (call === undefined || toolUseId.length > MAX_NAME_LENGTH) return;
      calls.delete(toolUseId);
      const { at, input, subagent } = call;
      const name = call.name.slice(0, MAX_NAME_LENGTH);
      const durationMs = Math.max(0, clock() - at);
      const use = { toolUseId, turn: id, subagent, name, outcome, cwd: task.workspace, at, durationMs, input, result };
      await recordToolUses({ session: sessionId, toolUses: [use] }, 'stream');
    }

    async function store(update: AgentUpdate): Promise<void> {
      switch (update.type) {
        case 'session':
          await joinConversation(sessionId, task.agent, update);
          hasOpened();
          await budget.begin();
          return;
        case 'mark':
          await keepMark(update.mark);
          return;
        case 'tool_call':
          await prove();
          if (calls.size < MAX_OPEN_CALLS) calls.set(update.toolUseId, { ...update, at: clock() });
          await progressTask(id, epoch, { message: `${update.name}: ${update.title}`, fraction: null });
          return;
        case 'tool_result':
          await keepResult(update);
          return;
        case 'plan':
          await progressTask(id, epoch, planProgress(update.entries));
          return;
        case 'progress':
          await progressTask(id, epoch, { message: update.message, fraction: update.fraction });
          return;
        case 'unknown':
          unknown.set(update.kind, (unknown.get(update.kind) ?? 0) + 1);
          return;
        case 'turn_end':
          await keepEnd(update.end);
          return;
        case 'permission':
          await permissions.ask(update.request);
          return;
        case 'permission_over':
          permissions.over(update.requestId);
          return;
        case 'usage':
          await budget.note(update.usage);
          return;
        case 'text':
        case 'thought':
        case 'rate_limit':
          return;
      }
    }

    function keepMark(mark: string): Promise<void> {
      const kept = writeKeptMark({ attempt: attemptName(id, epoch), mark });
      return needs.transaction(({ agents }) => agents.saveMark(task.agentId, kept));
    }

    async function keepEnd(end: TurnEnd): Promise<void> {
      if (permissions.hasAsked && end.outcome !== 'aborted') await withdrawPermissions(id);
      if (end.outcome === 'completed' && end.ran === undefined) await keepAnswer(task, sessionId, end.result.text);
    }

    return {
      async take(update) {
        stallClock.heard();
        const added = text.add(update);
        if (added !== '') await output.write(added);
        await store(update);
      },
      async [Symbol.asyncDispose]() {
        hasOpened();
        stallClock[Symbol.dispose]();
        permissions[Symbol.dispose]();
        await output.close();
        if (unknown.size > 0) {
          logger.info('an agent told what this version does not know', {
            taskId: id,
            kinds: Object.fromEntries(unknown),
          });
        }
      },
    };
  };
}
