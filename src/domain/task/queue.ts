import type { Change } from '../shared/change.js';
import type { Timestamp } from '../shared/timestamp.js';

/** Whether tasks are handed out. A paused queue still takes them in. */
export interface Queue {
  readonly paused: boolean;
}

export interface QueueEvent {
  type: 'queue.paused' | 'queue.resumed';
  at: Timestamp;
  data: Record<string, never>;
}

/** Pauses or resumes; asking for what is so already changes and announces nothing. */
export function setPaused(queue: Queue, paused: boolean, now: Timestamp): Change<Queue, QueueEvent> {
  if (queue.paused === paused) return { state: queue, events: [] };
  return { state: { paused }, events: [{ type: paused ? 'queue.paused' : 'queue.resumed', at: now, data: {} }] };
}

/** `limited`: whether any account has reached a limit. `ruled`: whether the user has set a limit for any part of it. */
export type QueueState = Queue & { readonly limited: boolean; readonly ruled: boolean };

export interface QueueReader {
  get(): Promise<QueueState>;
}

export interface QueueRepository extends QueueReader {
  save(queue: Queue): Promise<void>;
}
