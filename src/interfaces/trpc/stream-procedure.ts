import { getTRPCErrorFromUnknown, type TrackedEnvelope } from '@trpc/server';
import type { OnError } from './call-procedures.js';
import type { Context } from './init.js';
import { jsonInput } from './json-input.js';
import { procedureNamed, shapeOf } from './procedures.js';
import { refuseAgent } from './refuse-agent.js';
import { CutOff } from './resume.js';

/** A request for a subscription. `path` and `search` are as in the URL, the id as in the header `Last-Event-ID`. */
export interface StreamRequest {
  readonly path: string;
  readonly search: string;
  readonly lastEventId: string | undefined;
}

/** A client that has seen neither event nor ping for this long, in milliseconds, connects anew: three pings. */
const RECONNECT_AFTER_MS = 45_000;

/** Shows that a stream lives while nothing happens. */
export const PING = 'event: ping\ndata: \n\n';

/** Whether a path of a URL names a subscription. */
export function isSubscription(path: string): boolean {
  return procedureNamed(path)?._def.type === 'subscription';
}

/**
 * Follows a subscription and gives the texts of the event stream that tRPC's link reads. It ends with a `return` event
 * when there is no more to come and with a `serialized-error` when it failed; cut off, it just ends, and the client
 * comes back for the rest. In place of tRPC's adapter for Node, whose four web streams in a row take most of the time
 * between a commit and its hundredth follower.
 */
export async function* streamProcedure(
  { path, search, lastEventId }: StreamRequest,
  ctx: Context,
  left: AbortSignal,
  onError: OnError,
): AsyncGenerator<string, void> {
  yield `event: connected\ndata: ${JSON.stringify({ reconnectAfterInactivityMs: RECONNECT_AFTER_MS })}\n\n`;
  try {
    for await (const [id, data] of await open(path, search, lastEventId, ctx, left)) {
      yield `data: ${JSON.stringify(data)}\nid: ${id}\n\n`;
    }
    yield 'event: return\ndata: \n\n';
  } catch (cause) {
    if (cause instanceof CutOff) return;
    const error = getTRPCErrorFromUnknown(cause);
    onError(error, path);
    yield `event: serialized-error\ndata: ${JSON.stringify(shapeOf(error, path, ctx))}\n\n`;
  }
}

async function open(
  path: string,
  search: string,
  lastEventId: string | undefined,
  ctx: Context,
  signal: AbortSignal,
): Promise<AsyncIterable<TrackedEnvelope<unknown>>> {
  const input = jsonInput(new URLSearchParams(search).get('input') ?? '');
  const getRawInput = async () => (lastEventId === undefined ? input() : { ...(input() as object), lastEventId });
  refuseAgent(ctx, path);
  ctx.server.noteWork(path);
  const stream: unknown = await procedureNamed(path)?.({
    path,
    ctx,
    type: 'subscription',
    getRawInput,
    signal,
    batchIndex: 0,
  });
  // Every subscription of the router is made by `resumable`.
  return stream as AsyncIterable<TrackedEnvelope<unknown>>;
}
