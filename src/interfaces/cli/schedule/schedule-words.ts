import type { Schedule } from '../../../domain/schedule/schedule.js';
import { escapeControls } from '../output/escape-controls.js';
import { formatDuration } from '../output/times.js';

/** `every 30 m`, or the expression as it was written. */
export function whenInWords({ spec }: Schedule): string {
  return 'cron' in spec ? escapeControls(spec.cron) : `every ${formatDuration(spec.everyMs)}`;
}

/** `active`, `paused`, or `failing` when the last time enqueued nothing. */
export function stateOf({ status, lastError }: Schedule): 'active' | 'paused' | 'failing' {
  return status === 'active' && lastError !== null ? 'failing' : status;
}
