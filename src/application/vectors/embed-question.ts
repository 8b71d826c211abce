import type { Dependencies } from '../dependencies.js';
import { ModelFailure } from '../ports/ask-model.js';
import type { Embedder } from '../ports/embedder.js';

/** Longest wait for what a question means, in milliseconds: somebody waits for the answer, which words give as well. */
const QUESTION_LIMIT_MS = 300;
/** For how long an embedder that failed is not asked, in milliseconds, so that it holds up one question and not each. */
const COOL_DOWN_MS = 10_000;
/** Longest part of a question that is embedded, in characters: no model reads more. */
const QUESTION_LENGTH = 8_000;

/** What a question means; undefined when the embedder is late, down, or left alone because it was. */
export type EmbedQuestion = (question: string) => Promise<Float32Array | undefined>;

/** Secrets in the question are not sent. */
export function createEmbedQuestion({
  embedder,
  redactor,
  clock,
  logger,
}: Pick<Dependencies, 'redactor' | 'clock' | 'logger'> & { readonly embedder: Embedder }): EmbedQuestion {
  let askAgainAt = 0;
  let isDown = false;
  return async (question) => {
    if (question.trim() === '' || clock() < askAgainAt) return undefined;
    const late = AbortSignal.timeout(QUESTION_LIMIT_MS);
    try {
      const [vector] = await embedder.embed([redactor.redact(question.slice(0, QUESTION_LENGTH))], late);
      if (isDown) logger.info('the embedder answers again');
      isDown = false;
      return vector;
    } catch (error) {
      if (!(error instanceof ModelFailure) && !late.aborted) throw error;
      askAgainAt = clock() + COOL_DOWN_MS;
      if (!isDown) {
        const reason =
          error instanceof ModelFailure ? error.message : `no answer within ${String(QUESTION_LIMIT_MS)} ms`;
        logger.warn('searches go by words alone', { reason });
      }
      isDown = true;
      return undefined;
    }
  };
}
