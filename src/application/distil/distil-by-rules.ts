import { distilByRules } from '../../domain/distil/distil-by-rules.js';
import type { Dependencies } from '../dependencies.js';
import type { Distil } from '../ports/distiller.js';

/** The distiller that needs no model. Should a rule break on something, that is logged and nothing is made of it. */
export function createDistilByRules({ logger }: Pick<Dependencies, 'logger'>): Distil {
  let turn = Promise.resolve();
  return async (stretch, sessionId) => {
    // Sessions that were committed together go on together: each gets a turn of the event loop of its own.
    turn = turn.then(() => new Promise((resolve) => setImmediate(resolve)));
    await turn;
    try {
      return { origin: 'rules', observations: distilByRules(stretch) };
    } catch (error) {
      const toolUses = stretch.toolUses.map(({ toolUseId }) => toolUseId);
      logger.error('a rule broke, and nothing is made of some tool uses', { sessionId, toolUses, error });
      return { origin: 'rules', observations: [] };
    }
  };
}
