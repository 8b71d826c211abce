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

export interface QueueReader {
  /** `limited`: whether any account has reached a limit. */
  get(): Promise<Queue & { readonly limited: boolean }>;
}

export interface QueueRepository extends QueueReader {
  save(queue: Queue): Promise<void>;
}
