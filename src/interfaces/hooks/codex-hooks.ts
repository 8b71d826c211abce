import type { Captured } from './captured.js';
import { readNamedTurns } from './claude-hooks.js';
import type { Delivery } from './delivery.js';
import type { HookEvent } from './hook-event.js';
import type { HookPayload } from './hook-payload.js';

/**
 * Understands a hook of Codex, which has Claude Code's shapes and names turns by `turn_id`. It does not say whether a
 * command failed.
 */
export function readCodexHook(event: HookEvent, payload: HookPayload, delivery: Delivery): Captured {
  return readNamedTurns(event, payload, delivery, { source: 'codex', turn: payload.name('turn_id') });
}
