import type { Progress } from '../../../domain/task/task-transitions.js';
import type { PlanEntry } from '../../ports/agent-update.js';

/** How far a plan has come: what is worked on, and the share of its entries that are done. */
export function planProgress(entries: readonly PlanEntry[]): Progress {
  const done = entries.filter(({ status }) => status === 'completed').length;
  const current =
    entries.find(({ status }) => status === 'in_progress') ?? entries.find((entry) => entry.status === 'pending');
  const message = current === undefined ? `${String(done)} of ${String(entries.length)} done` : current.text;
  return { message, fraction: entries.length === 0 ? null : done / entries.length };
}
