import type { Backoff } from '../../../domain/task/backoff.js';
import type { RetryRules } from '../../../domain/task/retry-rules.js';
import { formatDuration } from './times.js';

/** `after 30 s, not after timeout`; null for a task that says nothing of its own. */
export function describeRetry(rules: RetryRules | null): string | null {
  if (rules === null) return null;
  const parts = rules.backoff === undefined ? [] : [describeBackoff(rules.backoff)];
  for (const [code, rule] of Object.entries(rules.on ?? {})) {
    if (rule === undefined) continue;
    parts.push(rule === 'never' ? `not after ${code}` : `${code}: ${describeBackoff(rule)}`);
  }
  return parts.length === 0 ? null : parts.join('; ');
}

function describeBackoff(backoff: Backoff): string {
  switch (backoff.kind) {
    case 'fixed':
      return `after ${formatDuration(backoff.delayMs)}`;
    case 'list':
      return `after ${backoff.delaysMs.map((delay) => formatDuration(delay)).join(', then ')}`;
    case 'exponential':
      return `after up to ${formatDuration(backoff.baseMs)}, doubling to ${formatDuration(backoff.maxMs)}`;
  }
}
