import { z } from 'zod';
import type { AgentUpdate } from '../../../application/ports/agent-update.js';
import type { Timestamp } from '../../../domain/shared/timestamp.js';
import type { Connection } from './connection.js';
import type { Thread } from './open-thread.js';
import { createPermissionDesk, type PermissionDesk } from './permission-desk.js';
import { createRateLimits } from './rate-limits.js';
import { Item, type ItemTool, toolOf } from './read-item.js';
import { type Received, RequestId } from './received.js';
import { createTurnReader, type TurnReader } from './turn-reader.js';

/** Tools that may be in use at once and be asked leave for, at most. */
const MAX_TOOLS = 1_000;

const Resolved = z.object({ requestId: RequestId });
const WithItem = z.object({ item: Item });

/** The request of Codex that a notification says to be over; undefined for any other message. */
export function resolvedRequest(received: Received): RequestId | undefined {
  if (received.kind !== 'notification' || received.method !== 'serverRequest/resolved') return undefined;
  return Resolved.safeParse(received.params).data?.requestId;
}

/** All that Codex says during one turn, put where it belongs. */
export interface TurnInbox {
  readonly desk: PermissionDesk;
  /** Of the conversation that `begin` was told of. */
  readonly reader: TurnReader;
  readonly thread: Thread | null;
  /** When the limit that was told last is reset. */
  readonly resetsAt: Timestamp | null;
  begin(thread: Thread): void;
  /** Whatever is no answer to a request that is waited for. */
  take(received: Received): readonly AgentUpdate[];
  /** Resolves with true when Codex takes what this request adds to the turn. */
  steered(request: RequestId): Promise<boolean>;
  /** Nothing more is taken. */
  close(): void;
}

/** `taken` are the requests of which the output shows that they were answered before. */
export function createTurnInbox(connection: Connection, taken: ReadonlySet<RequestId>): TurnInbox {
  const limits = createRateLimits();
  const tools = new Map<string, ItemTool>();
  const steers = new Map<RequestId, (isTaken: boolean) => void>();
  const desk = createPermissionDesk(connection, (itemId) => tools.get(itemId), taken);
  let reader = createTurnReader('', null, limits);
  let thread: Thread | null = null;
  let resetsAt: Timestamp | null = null;

  function takeNotification(method: string, params: unknown): readonly AgentUpdate[] {
    keepTool(method, params);
    const updates = reader.take(method, params);
    for (const update of updates) if (update.type === 'rate_limit') resetsAt = update.resetsAt;
    return updates;
  }

  /** A request to change files names the item only, so that what it changes has to be known from its begin. */
  function keepTool(method: string, params: unknown): void {
    const isBegin = method === 'item/started';
    if (!isBegin && method !== 'item/completed') return;
    const item = WithItem.safeParse(params).data?.item;
    if (item === undefined) return;
    const tool = isBegin ? toolOf(item) : null;
    if (tool === null) tools.delete(item.id);
    else if (tools.size < MAX_TOOLS) tools.set(item.id, tool);
  }

  return {
    desk,
    get reader() {
      return reader;
    },
    get thread() {
      return thread;
    },
    get resetsAt() {
      return resetsAt;
    },
    begin(opened) {
      thread = opened;
      reader = createTurnReader(opened.id, opened.model, limits);
    },
    take(received) {
      switch (received.kind) {
        case 'unreadable':
          return [{ type: 'unknown', kind: received.what }];
        case 'request':
          return desk.ask(received.id, received.method, received.params);
        case 'response':
          steers.get(received.id)?.(received.error === null);
          steers.delete(received.id);
          return [];
        case 'notification': {
          const resolved = resolvedRequest(received);
          return resolved === undefined ? takeNotification(received.method, received.params) : desk.over(resolved);
        }
      }
    },
    steered: (request) =>
      new Promise((resolve) => {
        steers.set(request, resolve);
      }),
    close() {
      for (const settle of steers.values()) settle(false);
      steers.clear();
    },
  };
}
