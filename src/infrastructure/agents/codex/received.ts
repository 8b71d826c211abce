import { z } from 'zod';

/** Numbers by Codex itself; both by the protocol. */
export const RequestId = z.union([z.string(), z.number()]);
export type RequestId = z.infer<typeof RequestId>;

const RpcError = z.object({ code: z.number().catch(0), message: z.string().catch('no reason given') });
export type RpcError = z.infer<typeof RpcError>;

const Message = z.object({
  id: RequestId.optional(),
  method: z.string().optional(),
  params: z.unknown().optional(),
  result: z.unknown().optional(),
  error: RpcError.optional().catch({ code: 0, message: 'no reason given' }),
});

/** One line of the app-server: JSON-RPC without its `jsonrpc` field. */
export type Received =
  | { readonly kind: 'notification'; readonly method: string; readonly params: unknown }
  | { readonly kind: 'request'; readonly id: RequestId; readonly method: string; readonly params: unknown }
  | { readonly kind: 'response'; readonly id: RequestId; readonly result: unknown; readonly error: RpcError | null }
  | { readonly kind: 'unreadable'; readonly what: string };

/** Says what a line is. `message` is undefined for a line that holds no JSON. Never throws. */
export function readReceived(message: unknown): Received {
  if (message === undefined) return { kind: 'unreadable', what: 'a line that is no JSON' };
  const { success, data } = Message.safeParse(message);
  if (!success) return { kind: 'unreadable', what: 'a line of another protocol' };
  const { id, method, params, result, error } = data;
  if (method !== undefined) {
    return id === undefined ? { kind: 'notification', method, params } : { kind: 'request', id, method, params };
  }
  if (id === undefined) return { kind: 'unreadable', what: 'a message without a method' };
  return { kind: 'response', id, result, error: error ?? null };
}
