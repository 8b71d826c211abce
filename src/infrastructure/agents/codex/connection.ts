import { randomUUID } from 'node:crypto';
import type { AgentProcess } from '../../../application/ports/agent-process.js';
import { DomainError } from '../../../domain/shared/domain-error.js';
import { type Received, type RequestId, type RpcError, readReceived } from './received.js';

/** JSON-RPC with one app-server. What it writes is read by one reader at a time. */
export interface Connection {
  readonly process: AgentProcess;
  /** Of the process among those of its agent. */
  readonly number: number;
  readonly hasEnded: boolean;
  /** Up to which byte its output was read: where the next reading begins. */
  readonly cursor: number;
  /** An id for a request that is yet to be sent. */
  newId(): RequestId;
  /** Sends a request. A process that has ended takes nothing, and its reader sees the end. */
  requestAs(id: RequestId, method: string, params: unknown): void;
  /** Sends a request and gives its id. */
  request(method: string, params: unknown): RequestId;
  notify(method: string): void;
  respond(id: RequestId, result: unknown): void;
  refuse(id: RequestId, error: RpcError): void;
  /** What it has written since the cursor and will write, until it ends or the signal is aborted. */
  read(signal: AbortSignal): AsyncGenerator<Received>;
}

/** `cursor` is the byte to read from. Ids of requests differ from those of any other connection to the same process. */
export function createConnection(process: AgentProcess, number: number, cursor: number): Connection {
  const prefix = randomUUID();
  let at = cursor;
  let requests = 0;
  let hasEnded = false;
  void process.ended.then(() => (hasEnded = true));

  function send(message: object): void {
    // Lines reach the process in the order of these calls.
    process.send(JSON.stringify(message)).catch((error: unknown) => {
      // It has ended, which whoever reads its output comes to know.
      if (!(error instanceof DomainError)) throw error;
    });
  }

  function newId(): RequestId {
    requests += 1;
    return `${prefix}-${String(requests)}`;
  }

  return {
    process,
    number,
    get hasEnded() {
      return hasEnded;
    },
    get cursor() {
      return at;
    },
    newId,
    requestAs: (id, method, params) => send({ id, method, params }),
    request(method, params) {
      const id = newId();
      send({ id, method, params });
      return id;
    },
    notify: (method) => send({ method }),
    respond: (id, result) => send({ id, result }),
    refuse: (id, error) => send({ id, error }),
    async *read(signal) {
      for await (const { message, end } of process.messages(at, signal)) {
        at = end;
        yield readReceived(message);
      }
    },
  };
}
