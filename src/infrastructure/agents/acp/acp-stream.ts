import { ReadableStream, WritableStream } from 'node:stream/web';
import type { AnyMessage, Stream } from '@agentclientprotocol/sdk';
import type { AgentProcess } from '../../../application/ports/agent-process.js';

/** A process as the SDK wants it: messages that go out are lines of its input, those that come in are handed over. */
export interface AcpStream {
  readonly stream: Stream;
  /** Hands the SDK a message of the agent. */
  readonly receive: (message: object) => void;
  /** True for an answer to a request that was sent here. */
  readonly isOwn: (id: unknown) => boolean;
  /** The id of the request that is sent next. */
  readonly nextId: () => number;
  readonly end: () => void;
}

/**
 * The SDK numbers its requests from 0 in each connection. On the wire they count on from `firstId`, so that after a
 * takeover no answer to an earlier request can be taken for one to a later.
 */
export function createAcpStream(process: AgentProcess, firstId: number): AcpStream {
  let sent = 0;
  let open = true;
  let incoming: ReadableStreamDefaultController<AnyMessage> | null = null;
  const readable = new ReadableStream<AnyMessage>({
    start(controller) {
      incoming = controller;
    },
    cancel() {
      open = false;
    },
  });
  const writable = new WritableStream<AnyMessage>({
    async write(message) {
      if (!('method' in message) || !('id' in message)) return process.send(JSON.stringify(message));
      sent += 1;
      await process.send(JSON.stringify({ ...message, id: firstId + Number(message.id) }));
    },
  });
  const isOwn = (id: unknown) => typeof id === 'number' && id >= firstId && id < firstId + sent;

  return {
    stream: { readable, writable },
    receive(message) {
      if (!open) return;
      const isAnswer = !('method' in message) && 'id' in message;
      const inner = isAnswer && isOwn(message.id) ? { ...message, id: Number(message.id) - firstId } : message;
      incoming?.enqueue(inner as AnyMessage);
    },
    isOwn,
    nextId: () => firstId + sent,
    end() {
      if (open) incoming?.close();
      open = false;
    },
  };
}
