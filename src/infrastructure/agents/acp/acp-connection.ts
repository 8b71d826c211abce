import { type ClientContext, client, methods } from '@agentclientprotocol/sdk';
import type { AgentProcess } from '../../../application/ports/agent-process.js';
import type { Timer } from '../../../application/ports/timer.js';
import { createAcpStream } from './acp-stream.js';
import { createMailbox } from './mailbox.js';
import { createPermissions, type Permissions } from './permissions.js';
import { type Received, received } from './received.js';

/** Messages that are read ahead of what the application has stored. Each may hold a text of 1 MiB. */
const READ_AHEAD = 16;

/** What a turn hears: its agent's messages, in order, and at last that no more will come. */
export type Heard = Received | { readonly kind: 'gone' };

export interface Ear {
  /** The byte of the output from which on everything is heard. */
  readonly from: number;
  next(): Promise<Heard>;
  close(): void;
}

/** The protocol on one process of an agent. */
export interface AcpConnection {
  readonly process: AgentProcess;
  readonly permissions: Permissions;
  /** Sends requests and notifications. */
  readonly agent: ClientContext;
  /** The id of the request that is sent next. */
  nextId(): number;
  /** Hears what comes from now on. One at a time; without one, nothing that the agent tells is kept. */
  listen(): Ear;
  /** Resolves once nothing was told for so long, in milliseconds, or the agent is gone. */
  silent(ms: number, timer: Timer): Promise<void>;
  /** Does not hear any more. The process stays as it is. */
  close(): void;
}

export interface ConnectOptions {
  readonly process: AgentProcess;
  /** Numbers the processes of the agent. */
  readonly number: number;
  /** The byte of the output to read from. */
  readonly from: number;
  readonly firstId: number;
  /** Leave that was asked for in what is read again and that has been answered. */
  readonly answered?: ReadonlySet<string> | undefined;
}

/**
 * Connects to a process. What it tells is read here, in the order of its output, because a turn must be able to be told
 * again from there; the SDK gets what it has to answer and what answers it, and nothing else.
 */
export function connectAcp({ process, number, from, firstId, answered }: ConnectOptions): AcpConnection {
  const permissions = createPermissions(number);
  const { stream, receive, isOwn, nextId, end } = createAcpStream(process, firstId);
  const reading = new AbortController();
  let position = from;
  let mailbox: ReturnType<typeof createMailbox<Heard>> | null = null;
  let isGone = false;

  // What is asked is read leniently, and the SDK's own check would refuse what a later version adds.
  const asItIs = (params: unknown) => params;
  const connection = client({ name: 'codewalkers' })
    .onRequest(methods.client.session.requestPermission, asItIs, async ({ requestId }) => ({
      outcome: await permissions.outcome(requestId ?? ''),
    }))
    .connect(stream);

  async function take(line: unknown): Promise<void> {
    const message = received(line);
    const isAnswered = message.kind === 'permission' && answered?.has(permissions.nameOf(message.id)) === true;
    if (message.kind === 'permission') {
      // Outside of a turn there is nobody to ask.
      if (mailbox !== null && !isAnswered) permissions.open(message.id, message.params);
      if (!isAnswered) receive(line as object);
    } else if (message.kind === 'request' || (message.kind === 'response' && isOwn(message.id))) {
      receive(line as object);
    }
    await mailbox?.put(message);
  }

  async function read(): Promise<void> {
    for await (const { message, end: next } of process.messages(from, reading.signal)) {
      position = next;
      await take(message);
    }
  }

  read()
    // An output that cannot be read any more is the same to the turn as an agent that is gone.
    .catch(() => process.stop())
    .finally(() => {
      isGone = true;
      permissions.cancelAll();
      end();
      return mailbox?.put({ kind: 'gone' });
    })
    .catch(() => undefined);

  return {
    process,
    permissions,
    agent: connection.agent,
    nextId,
    listen() {
      const own = createMailbox<Heard>(READ_AHEAD);
      mailbox = own;
      if (isGone) void own.put({ kind: 'gone' });
      return {
        from: position,
        next: () => own.take(),
        close() {
          own.close();
          if (mailbox === own) mailbox = null;
        },
      };
    },
    async silent(ms, timer) {
      for (let before = -1; before !== position && !isGone; ) {
        before = position;
        await new Promise<void>((resolve) => timer(ms, resolve));
      }
    },
    close() {
      reading.abort();
      connection.close();
    },
  };
}
