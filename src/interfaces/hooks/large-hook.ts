import type { Captured } from './captured.js';
import type { HookDelivery } from './read-hook.js';

/**
 * Bodies over this are read off the main thread, in bytes: to parse, redact and cut one of this size takes some 2 ms, and
 * one of 16 MiB up to 300 on a busy machine.
 */
export const LARGE_HOOK_BYTES = 262_144;

/** A hook as it was delivered, with its body unread. */
export interface UnreadHook extends Omit<HookDelivery, 'body'> {
  /** Whoever reads it may take its memory. */
  readonly bytes: Uint8Array;
}

/** What a large hook told, with its texts as they may be stored. Fails as `readHook` does, or with `unavailable`. */
export type ReadLargeHook = (hook: UnreadHook) => Promise<Captured | undefined>;
