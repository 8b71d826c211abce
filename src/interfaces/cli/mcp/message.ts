/** What names a request: its answer carries the same. */
export type RequestId = string | number;

/** A JSON-RPC message as it came, and as much of it as is needed to pass it on. */
export type Message =
  | {
      readonly kind: 'request';
      readonly text: string;
      readonly id: RequestId;
      readonly method: string;
      readonly tool: string;
    }
  | { readonly kind: 'other'; readonly text: string; readonly method: string; readonly cancels: RequestId | undefined };

/** JSON-RPC's numbers, and its own range for a server's. */
export const RPC = { parse: -32_700, invalid: -32_600, server: -32_000 } as const;

/** Why a line is no message. */
export interface LineProblem {
  readonly code: number;
  readonly problem: string;
}

/** Reads a line. What a method does with its parameters is the server's business. */
export function readMessage(text: string): Message | LineProblem {
  const json = parse(text);
  if (json === undefined) return { code: RPC.parse, problem: 'This line is not valid JSON.' };
  const { jsonrpc, id, method = '', params } = membersOf(json);
  const isAnswer = 'result' in membersOf(json) || 'error' in membersOf(json);
  if (jsonrpc !== '2.0' || typeof method !== 'string' || (method === '' && !isAnswer)) {
    return { code: RPC.invalid, problem: 'This line is not a JSON-RPC message.' };
  }
  const { name = '', requestId } = membersOf(params);
  if (method === '' || id === undefined) {
    const cancels = method === 'notifications/cancelled' && isId(requestId) ? requestId : undefined;
    return { kind: 'other', text, method, cancels };
  }
  if (!isId(id)) return { code: RPC.invalid, problem: 'The id of a request is a string or a number.' };
  return { kind: 'request', text, id, method, tool: method === 'tools/call' ? String(name) : '' };
}

/** The answer to a request that the server did not answer. */
export function errorLine(id: RequestId | null, code: number, message: string): string {
  return JSON.stringify({ jsonrpc: '2.0', id, error: { code, message } });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function membersOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
}

function isId(value: unknown): value is RequestId {
  return typeof value === 'string' || typeof value === 'number';
}
