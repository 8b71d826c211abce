import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import { type JSONRPCMessage, JSONRPCMessageSchema } from '@modelcontextprotocol/sdk/types.js';
import type { AgentProcess } from '../../../application/ports/agent-process.js';

/** What the transport tells beside the messages. */
export interface TransportEvents {
  /** A line that is no message of the protocol. */
  readonly unreadable: (what: string) => void;
  /** Resolves when the next message may come. */
  readonly ready: () => Promise<void>;
}

/** The SDK's transport over a program's standard input and output. Closing it reads no more; it ends no program. */
export function createProcessTransport(process: AgentProcess, { unreadable, ready }: TransportEvents): Transport {
  const stop = new AbortController();
  const transport: Transport = {
    start() {
      void read();
      return Promise.resolve();
    },
    send: (message) => process.send(JSON.stringify(message)),
    close() {
      stop.abort();
      return Promise.resolve();
    },
  };

  async function read(): Promise<void> {
    try {
      for await (const { message } of process.messages(0, stop.signal)) {
        const { success, data } = JSONRPCMessageSchema.safeParse(message);
        if (success) transport.onmessage?.(data satisfies JSONRPCMessage);
        else unreadable(message === undefined ? 'a line that is no JSON' : 'a line of another protocol');
        await ready();
      }
    } catch (error) {
      transport.onerror?.(error instanceof Error ? error : new Error(String(error)));
    }
    transport.onclose?.();
  }

  return transport;
}
