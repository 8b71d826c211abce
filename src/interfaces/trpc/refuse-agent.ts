import { DomainError } from '../../domain/shared/domain-error.js';
import type { Context } from './init.js';

/** What an agent may call with its token; the use cases hold it to its own work. */
const OPEN_TO_AGENTS = new Set([
  'task.get',
  'task.result',
  'task.results',
  'task.enqueue',
  'task.cancel',
  'task.onUpdate',
  'session.list',
  'observation.search',
  'observation.timeline',
  'observation.get',
  'observation.list',
]);

/** Throws `forbidden` for a procedure that agents may not call. Whatever is not listed, they may not. */
export function refuseAgent({ isAgent }: Pick<Context, 'isAgent'>, procedure: string): void {
  if (!isAgent || OPEN_TO_AGENTS.has(procedure)) return;
  throw new DomainError('forbidden', `An agent's token does not reach ${procedure}.`);
}
