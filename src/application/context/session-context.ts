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
  clock,
  logger,
  settings,
}: Pick<Dependencies, 'transaction' | 'clock' | 'logger' | 'settings'> & { readonly makeContext: MakeContext }) {
  return async ({ sessionId, workspaceId }: SessionContext): Promise<string | null> => {
    try {
      const tokens = settings.memory.contextTokens;
      const made = await makeContext({ workspaceId, prompt: '', files: [], tokens });
      if (made === null) return null;
      const observationIds = [...made.observationIds];
      await transaction(({ contexts }) =>
        contexts.insert({ sessionId, at: clock(), tokens: made.tokens, observationIds }),
      );
      return made.text;
    } catch (error) {
      logger.warn('a session begins without what is remembered', { sessionId, error });
      return null;
    }
  };
}
