import { estimateTokens } from '../../domain/distil/estimate-tokens.js';
import type { TaskError } from '../../domain/task/task.js';
import type { Runtimes } from '../agent/start-agent.js';
import type { Dependencies } from '../dependencies.js';
import type { RunningAgent } from '../ports/agent-runtime.js';
import type { CumulativeUsage } from '../ports/agent-update.js';
import { type AskModel, type ModelAnswer, ModelFailure, type ModelRequest } from '../ports/ask-model.js';
import { DISTILLER_ATTEMPT, type DistillerPlace } from '../ports/distiller-place.js';
import type { NewRunId } from '../ports/ids.js';
import type { TurnEnd } from '../ports/turn-end.js';
import { readJsonAnswer } from './read-json-answer.js';
import { createTurnstile } from './turnstile.js';

/** Agents that distil at once: each is a program as heavy as those that work. */
const MAX_AT_ONCE = 1;
/** Longest pause that a limited account is granted, in milliseconds: behind it the session's next stretches wait. */
const MAX_PAUSE_MS = 120_000;
const DENIED = { behavior: 'deny', message: 'A distiller uses no tools: answer from the data alone.' } as const;

interface Needs extends Pick<Dependencies, 'profiles' | 'newId' | 'clock' | 'logger'> {
  readonly profile: string;
  /** Those that keep their files in the place of the distiller. */
  readonly runtimes: Runtimes;
  readonly newRunId: NewRunId;
  readonly place: DistillerPlace;
  /** For one answer, in milliseconds. */
  readonly timeoutMs: number;
}

/**
 * Asks an agent as one asks a model: its program is started for the one prompt, outside of the queue, and ended with all
 * that it started before an answer is given. What it asks leave for is denied.
 */
export function createAskAgent(needs: Needs): AskModel {
  const { profile, place, logger } = needs;
  const turnstile = createTurnstile(MAX_AT_ONCE);

  return async (request, signal) => {
    using _place = await turnstile.enter();
    signal.throwIfAborted();
    try {
      return await ask(request, signal);
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof ModelFailure) throw error;
      logger.warn('an agent could not distil', { profile, error });
      throw failure(`The agent ${profile} could not be started.`, { mayHaveCost: false });
    }
  };

  async function ask(request: ModelRequest, signal: AbortSignal): Promise<ModelAnswer> {
    const found = await needs.profiles.get(profile);
    const runtime = needs.runtimes[found.protocol];
    if (runtime === undefined) throw new Error(`No agent of the protocol ${found.protocol} can distil.`);
    const runId = needs.newRunId();
    const workspace = await place.open(runId);
    try {
      const agent = await runtime.start({ agentId: needs.newId('agent'), profile: found, runId, signal });
      try {
        return await take(agent, promptOf(request), workspace, signal);
      } finally {
        const { left } = await agent.stop();
        if (left > 0) logger.warn('processes of a distiller could not be ended', { profile, left });
      }
    } finally {
      await place.clear();
    }
  }

  async function take(agent: RunningAgent, prompt: string, workspace: string, signal: AbortSignal) {
    const { timeoutMs } = needs;
    const conversation = {
      sessionId: needs.newId('session'),
      providerSessionId: null,
      handOver: () => Promise.resolve(''),
    };
    let usage: CumulativeUsage | undefined;
    let end: TurnEnd | undefined;
    const turn = { prompt, workspace, attempt: DISTILLER_ATTEMPT, timeoutMs, conversation, signal };
    for await (const update of agent.prompt(turn)) {
      if (update.type === 'usage') ({ usage } = update);
      else if (update.type === 'permission') await agent.answer?.(update.request.requestId, DENIED);
      else if (update.type === 'turn_end') ({ end } = update);
    }
    signal.throwIfAborted();
    if (end?.outcome !== 'completed') throw failureOf(end);
    const { text } = end.result;
    return {
      value: readJsonAnswer(text),
      inputTokens: usage?.inputTokens ?? estimateTokens(prompt),
      outputTokens: usage?.outputTokens ?? estimateTokens(text),
    };
  }

  /** Nothing of what the agent said: it may quote what it was told. */
  function failureOf(end: Exclude<TurnEnd, { outcome: 'completed' }> | undefined): ModelFailure {
    if (end?.outcome !== 'failed') return failure(`The agent ${profile} was stopped.`, { mayHaveCost: true });
    const { error, exitCode, resetsAt } = end;
    const pause = resetsAt === undefined || resetsAt === null ? null : resetsAt - needs.clock();
    return failure(`The agent ${profile} ${whatHappened(error, exitCode)}.`, {
      mayHaveCost: error.code !== 'usage',
      isFinal: error.code === 'usage',
      retryAfterMs: pause === null ? null : Math.min(Math.max(0, pause), MAX_PAUSE_MS),
    });
  }

  function whatHappened({ code }: TaskError, exitCode: number | null): string {
    switch (code) {
      case 'timeout':
        return `did not answer within ${String(needs.timeoutMs / 1_000)} s`;
      case 'crashed':
        return 'broke off';
      case 'rate_limited':
        return 'has reached a limit of its account';
      case 'usage':
        return 'cannot be run as its profile says';
      default:
        return exitCode === null ? 'could not answer' : `ended with code ${String(exitCode)}`;
    }
  }
}

/** The question of a model without tools: the shape of the answer stands behind the data. */
function promptOf({ system, data, schema }: ModelRequest): string {
  const shape = `Answer with one JSON document and nothing else, of this JSON schema:\n${JSON.stringify(schema)}`;
  return `${system}\nUse no tools.\n\n${data}\n\n${shape}\n`;
}

function failure(
  message: string,
  { isFinal = false, retryAfterMs = null, mayHaveCost }: Partial<ModelFailure> & { mayHaveCost: boolean },
): ModelFailure {
  return new ModelFailure(message, { isFinal, retryAfterMs, mayHaveCost });
}
