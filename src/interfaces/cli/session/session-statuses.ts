import type { SessionStatus } from '../../../domain/session/session.js';

/** Each state of a session and the colour it is shown in. */
export const SESSION_COLOURS = {
  active: 'green',
  paused: 'yellow',
  closed: 'gray',
  failed: 'red',
} as const satisfies Record<SessionStatus, string>;

/** What `--status` of a list of sessions takes. */
export const SESSION_STATUSES = Object.keys(SESSION_COLOURS);
