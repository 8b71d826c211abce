import type { HandedContext } from '../../domain/context/handed-context.js';
import type { SessionId, WorkspaceId } from '../../domain/shared/id.js';
import type { Dependencies } from '../dependencies.js';
import type { MakeContext } from './make-context.js';

/** Which session is about to begin, or to go on, and is to be told what is remembered. */
export interface SessionContext {
  readonly sessionId: SessionId;
  readonly workspaceId: WorkspaceId;
}

/**
 * What is remembered and helps a session, as text for its agent; null when that is nothing. What is handed over is
 * written down. A session never waits for a memory that has trouble: then it is told nothing.
 */
export function createSessionContext({
  makeContext,
  transaction,
  countTokens,
  clock,
  logger,
  settings,
}: Pick<Dependencies, 'transaction' | 'countTokens' | 'clock' | 'logger' | 'settings'> & {
  readonly makeContext: MakeContext;
}) {
  /** Writes down the very length of what was handed over, when it is known. Nobody waits for it. */
  function correct(handed: HandedContext, text: string): void {
    countTokens([text])
      .then(([tokens = handed.tokens]) => transaction(({ contexts }) => contexts.save({ ...handed, tokens })))
      .catch((error: unknown) => logger.info('the length of a context is an upper bound', { ...handed, error }));
  }

  return async ({ sessionId, workspaceId }: SessionContext): Promise<string | null> => {
    try {
      const tokens = settings.memory.contextTokens;
      const made = await makeContext({ workspaceId, prompt: '', files: [], tokens, waits: false });
      if (made === null) return null;
      const observationIds = [...made.observationIds];
      const handed = { sessionId, at: clock(), tokens: made.tokens, observationIds };
      await transaction(({ contexts }) => contexts.insert(handed));
      if (!made.isCounted) correct(handed, made.text);
      return made.text;
    } catch (error) {
      logger.warn('a session begins without what is remembered', { sessionId, error });
      return null;
    }
  };
}
