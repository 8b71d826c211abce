import type { IncomingHttpHeaders } from 'node:http';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import type { JSONRPCMessage, JSONRPCRequest, RequestId } from '@modelcontextprotocol/sdk/types.js';
import { createMcpServer, type McpContext } from './mcp-server.js';

/** Where the answer to one request goes. After `answer`, `drop` or `cut` nothing more is written. */
export interface Reply {
  /** A message before the answer, such as progress. */
  note(message: JSONRPCMessage): void;
  answer(message: JSONRPCMessage): void;
  /** Shows the client that its request is alive. */
  keepAlive(): void;
  /** The client has cancelled the request and waits for no answer. */
  drop(): void;
  /** Breaks off: nothing came of the request. */
  cut(): void;
}

/** One conversation with an MCP client. */
export interface McpSession {
  readonly id: string;
  /** Who may use it: the grant of an agent, or null for the user. */
  readonly owner: object | null;
  /**
   * Takes a request in with the headers that it came with, and gives what is to be called when its client is gone. Undefined when one with the same id is
   * in work already.
   */
  request(message: JSONRPCRequest, headers: IncomingHttpHeaders, reply: Reply): (() => void) | undefined;
  /** Takes in what is not answered. */
  notify(message: JSONRPCMessage): void;
  isBusy(): boolean;
  /** Cancels what is in work. */
  close(): Promise<void>;
}

export interface SessionOptions extends Omit<McpContext, 'cutOff' | 'keepAlive'> {
  readonly id: string;
  readonly owner: object | null;
}

const CANCELLED = 'notifications/cancelled';

/**
 * Opens a session. It is the SDK's server on a transport of ours, which knows where the answer to each request goes: an
 * answer is one JSON body, and becomes a stream only when there is something to say before it, so that a server which
 * stops answers what it has begun.
 */
export async function openMcpSession({ id, owner, ...context }: SessionOptions): Promise<McpSession> {
  const replies = new Map<RequestId, Reply>();
  const take = (request: RequestId | undefined) => {
    const reply = request === undefined ? undefined : replies.get(request);
    if (request !== undefined) replies.delete(request);
    return reply;
  };
  const transport: Transport = {
    start: () => Promise.resolve(),
    close: () => {
      transport.onclose?.();
      return Promise.resolve();
    },
    send: (message, options) => {
      if ('result' in message || 'error' in message) take(message.id)?.answer(message);
      else if (options?.relatedRequestId !== undefined) replies.get(options.relatedRequestId)?.note(message);
      return Promise.resolve();
    },
  };
  const server = createMcpServer({
    ...context,
    cutOff: (request) => take(request)?.cut(),
    keepAlive: (request) => replies.get(request)?.keepAlive(),
  });
  await server.connect(transport);
  const cancel = (requestId: RequestId, reason: string) =>
    transport.onmessage?.({ jsonrpc: '2.0', method: CANCELLED, params: { requestId, reason } });

  return {
    id,
    owner,
    request(message, headers, reply) {
      const { id: request } = message;
      if (replies.has(request)) return undefined;
      replies.set(request, reply);
      transport.onmessage?.(message, { requestInfo: { headers } });
      return () => {
        // By then the id may be another request's.
        if (replies.get(request) !== reply) return;
        replies.delete(request);
        cancel(request, 'The client has left.');
      };
    },
    notify(message) {
      transport.onmessage?.(message);
      // The SDK answers a cancelled request with nothing. One that has been answered is not there any more.
      if ('method' in message && message.method === CANCELLED) {
        take(message.params?.['requestId'] as RequestId | undefined)?.drop();
      }
    },
    isBusy: () => replies.size > 0,
    async close() {
      for (const [request, reply] of replies) {
        cancel(request, 'The session was ended.');
        reply.drop();
      }
      replies.clear();
      await server.close();
    },
  };
}
