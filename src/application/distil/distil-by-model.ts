import type { Stretch } from '../../domain/distil/distil-by-rules.js';
import type { Distilled } from '../../domain/distil/distilled.js';
import { addSpend, type Budget, costOf, dayOf, isWithin, type Prices, type Spend } from '../../domain/distil/spend.js';
import type { SessionId } from '../../domain/shared/id.js';
import type { Dependencies } from '../dependencies.js';
import { type AskModel, ModelFailure } from '../ports/ask-model.js';
import type { Distil } from '../ports/distiller.js';
import type { Timer } from '../ports/timer.js';
import { ANSWER_SCHEMA, readAnswer } from './model-answer.js';
import { dataOf, SYSTEM } from './model-prompt.js';
import type { ModelRest } from './model-rest.js';

/** Calls for one stretch: what two pauses did not mend is not mended by more. */
const MAX_CALLS = 3;
/** Before the second call, in milliseconds; twice as long before the next. */
const PAUSE_MS = 2_000;
/** Most tokens of an answer: some ten long observations. */
const MAX_OUTPUT_TOKENS = 4_000;
/** Characters of a token, at the least: a request is never taken for cheaper than it is. */
const CHARACTERS_PER_TOKEN = 2;
const WRONG_ANSWER = 'The model gave an answer that is empty or not of the shape that was asked for.';

/** A model that distils, and what it may spend. */
export interface ModelDistiller {
  readonly ask: AskModel;
  readonly budget: Budget;
  readonly prices?: Prices | undefined;
}

interface Needs extends Pick<Dependencies, 'read' | 'transaction' | 'clock' | 'random' | 'logger' | 'redactor'> {
  readonly timer: Timer;
  readonly model: ModelDistiller;
  readonly rest: ModelRest;
  /** Stands in when the budget is spent or the model fails, and tells what is worth a call at all. */
  readonly rules: Distil;
}

/** What a call has brought: observations, or a reason why not. */
interface Outcome {
  readonly made?: Distilled[] | undefined;
  readonly reason: string;
  readonly pauseMs: number | null;
  readonly isFinal: boolean;
  /** Nothing answered, or only that it cannot at the moment. */
  readonly isDown: boolean;
}

/**
 * The distiller that asks a model. Before each call it asks the budget, and after it writes down what it has cost. A
 * wrong or empty answer is none. When all calls have failed, the rules' observations come with a dead letter; while a
 * model that is down is left alone, at once.
 */
export function createDistilByModel(needs: Needs): Distil {
  const { model, rest, rules, random, logger } = needs;
  /** What calls that are under way may cost yet. */
  const underWay = new Set<{ readonly sessionId: SessionId; readonly cost: Spend }>();

  return async (stretch, sessionId, signal) => {
    const standIn = await rules(stretch, sessionId, signal);
    if (standIn.observations.length === 0) return standIn;
    const down = rest.reason();
    if (down !== undefined)
      return { ...standIn, deadLetter: `The model was down, and is left alone for a while: ${down}` };
    const data = dataOf(stretch);
    let reason = WRONG_ANSWER;
    let isDown = false;
    for (let call = 1; call <= MAX_CALLS; call += 1) {
      const outcome = await callWithin(stretch, data, sessionId, signal);
      if (outcome === undefined) {
        logger.info('the budget for the model is spent: rules distil', { sessionId });
        return standIn;
      }
      ({ reason, isDown } = outcome);
      if (!isDown) rest.end();
      if (outcome.made !== undefined) return { origin: 'model', observations: outcome.made };
      if (outcome.isFinal) break;
      const backoff = PAUSE_MS * 2 ** (call - 1) * (0.5 + random() / 2);
      if (call < MAX_CALLS) await pause(needs.timer, Math.max(backoff, outcome.pauseMs ?? 0), signal);
    }
    if (isDown) rest.begin(reason);
    logger.warn('a model has not distilled some tool uses: rules stand in', { sessionId, reason });
    return { ...standIn, deadLetter: reason };
  };

  /** Undefined, with nothing called, when what the call may cost is more than there is left. */
  async function callWithin(stretch: Stretch, data: string, sessionId: SessionId, signal: AbortSignal) {
    const inputTokens = Math.ceil((SYSTEM.length + data.length) / CHARACTERS_PER_TOKEN);
    const call = { sessionId, cost: costOf(inputTokens, MAX_OUTPUT_TOKENS, model.prices) };
    underWay.add(call);
    try {
      if (!(await fits(sessionId))) return undefined;
      return await ask(stretch, data, call, signal);
    } finally {
      underWay.delete(call);
    }
  }

  async function fits(sessionId: SessionId): Promise<boolean> {
    const [today, session] = await needs.read(async ({ ledger }) => [
      await ledger.spentOn(dayOf(needs.clock())),
      await ledger.spentIn(sessionId),
    ]);
    const all = [...underWay];
    const ofSession = all.filter((call) => call.sessionId === sessionId);
    const sum = (spent: Spend, calls: typeof all) => calls.map(({ cost }) => cost).reduce(addSpend, spent);
    return isWithin(model.budget, sum(today, all), sum(session, ofSession));
  }

  async function ask(
    stretch: Stretch,
    data: string,
    { sessionId, cost }: { readonly sessionId: SessionId; readonly cost: Spend },
    signal: AbortSignal,
  ): Promise<Outcome> {
    const request = { system: SYSTEM, data, schema: ANSWER_SCHEMA, maxOutputTokens: MAX_OUTPUT_TOKENS };
    try {
      const answer = await model.ask(request, signal);
      await spend(sessionId, costOf(answer.inputTokens, answer.outputTokens, model.prices));
      const made = readAnswer(answer.value, stretch, needs.redactor);
      return { made, reason: WRONG_ANSWER, pauseMs: null, isFinal: false, isDown: false };
    } catch (error) {
      if (!(error instanceof ModelFailure)) throw error;
      // What a model that broke off asks to be paid is not known: it is taken for all that it may be.
      if (error.mayHaveCost) await spend(sessionId, cost);
      const { message, retryAfterMs, isFinal } = error;
      return { reason: message, pauseMs: retryAfterMs, isFinal, isDown: !isFinal };
    }
  }

  async function spend(sessionId: SessionId, spent: Spend): Promise<void> {
    await needs.transaction(({ ledger }) => ledger.spend({ sessionId, day: dayOf(needs.clock()), ...spent }));
  }
}

/** Resolves after this long; rejects with the signal's reason when it is called off. */
function pause(timer: Timer, ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      cancel();
      reject(signal.reason as Error);
    };
    const cancel = timer(ms, () => {
      signal.removeEventListener('abort', stop);
      resolve();
    });
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });
}
