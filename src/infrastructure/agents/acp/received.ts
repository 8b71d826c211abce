import { z } from 'zod';

/** A JSON-RPC id as agents send it; kept as it is, for the answer bears it again. */
export const RpcId = z.union([z.string(), z.number()]);
export type RpcId = z.infer<typeof RpcId>;

const RpcError = z.object({ code: z.number().catch(0), message: z.string().catch(''), data: z.unknown().optional() });
/** Why an agent refused a request. */
export type RpcError = z.infer<typeof RpcError>;

/** One line of an agent's output, by what it is in JSON-RPC. */
export type Received =
  | { readonly kind: 'update'; readonly sessionId: string; readonly update: unknown }
  | { readonly kind: 'permission'; readonly id: RpcId; readonly sessionId: string; readonly params: unknown }
  | { readonly kind: 'request'; readonly id: RpcId; readonly method: string }
  | { readonly kind: 'withdrawn'; readonly id: RpcId }
  | { readonly kind: 'response'; readonly id: RpcId; readonly result: unknown; readonly error: RpcError | null }
  /** Nothing that this version knows; `name` is what it calls itself. */
  | { readonly kind: 'unknown'; readonly name: string };

const Message = z.object({
  id: RpcId.optional().catch(undefined),
  method: z.string().optional(),
  params: z.unknown().optional(),
  result: z.unknown().optional(),
  error: z.unknown().optional(),
});
const InSession = z.object({ sessionId: z.string() });
const Update = InSession.extend({ update: z.unknown().optional() });
const Withdrawal = z.object({ requestId: RpcId });

/** Says what a line is. Never throws. */
export function received(line: unknown): Received {
  const { success, data } = Message.safeParse(line);
  if (!success) return { kind: 'unknown', name: line === undefined ? 'no JSON' : 'no message' };
  const { id, method, params, result, error } = data;
  if (method === undefined) {
    if (id === undefined) return { kind: 'unknown', name: 'no message' };
    if (error === undefined || error === null) return { kind: 'response', id, result, error: null };
    return { kind: 'response', id, result, error: RpcError.catch({ code: 0, message: '', data: error }).parse(error) };
  }
  if (id !== undefined) {
    const asked = method === 'session/request_permission' ? InSession.safeParse(params) : null;
    if (asked?.success === true) return { kind: 'permission', id, sessionId: asked.data.sessionId, params };
    return { kind: 'request', id, method };
  }
  if (method === 'session/update') {
    const told = Update.safeParse(params);
    if (told.success) return { kind: 'update', sessionId: told.data.sessionId, update: told.data.update };
  }
  if (method === '$/cancel_request') {
    const withdrawn = Withdrawal.safeParse(params);
    if (withdrawn.success) return { kind: 'withdrawn', id: withdrawn.data.requestId };
  }
  return { kind: 'unknown', name: method };
}
