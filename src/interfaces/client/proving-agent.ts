import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { Agent, type AgentOptions } from 'node:http';
import { connect, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Endpoint } from './endpoint.js';
import { asUnreachable, UntrustedServerError } from './failure.js';
import { MAX_HEALTH_BYTES } from './fetch-health.js';

type Tcp = Extract<Endpoint, { kind: 'tcp' }>;

/** A server proves itself within this many milliseconds, or is none. */
const PROOF_MS = 5_000;

/**
 * Opens connections over TCP and lets none be used before the other end has proved that it knows the token: who holds
 * the port of a server that is gone learns nothing. Every connection is asked, because the server behind it may change.
 */
export class ProvingAgent extends Agent {
  readonly #endpoint: Tcp;

  constructor(endpoint: Tcp, options: AgentOptions = {}) {
    super(options);
    this.#endpoint = endpoint;
  }

  override createConnection(
    _options: unknown,
    callback?: (error: Error | null, stream: Duplex) => void,
  ): Duplex | null | undefined {
    const { host, port } = this.#endpoint;
    const socket = connect({ host, port, noDelay: true });
    const done = (error: Error | null) => callback?.(error, socket);
    provideProof(socket, this.#endpoint).then(
      () => {
        done(null);
      },
      (error: unknown) => {
        socket.destroy();
        done(error instanceof Error ? error : new Error(String(error)));
      },
    );
    return undefined;
  }
}

/** Asks for a proof over a fresh connection, which is as good as new afterwards. */
async function provideProof(socket: Socket, { host, port, token }: Tcp): Promise<void> {
  // The server answers a nonce that names a port on that port only, so a proof cannot be fetched from elsewhere.
  const nonce = `${randomBytes(24).toString('base64url')}:${port}`;
  const authority = host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
  socket.write(`GET /health?nonce=${encodeURIComponent(nonce)} HTTP/1.1\r\nHost: ${authority}\r\n\r\n`);
  const { instanceId, proof } = proofIn(await readAnswer(socket, `${host}:${port}`));
  const expected = createHmac('sha256', token)
    .update(nonce + instanceId)
    .digest();
  const given = Buffer.from(proof, 'hex');
  if (given.length === expected.length && timingSafeEqual(given, expected)) return;
  throw untrusted(`${host}:${port}`, 'it does not know the token');
}

function proofIn(body: unknown): { instanceId: string; proof: string } {
  if (typeof body !== 'object' || body === null) return { instanceId: '', proof: '' };
  const { instanceId, proof } = body as { instanceId?: unknown; proof?: unknown };
  return {
    instanceId: typeof instanceId === 'string' ? instanceId : '',
    proof: typeof proof === 'string' ? proof : '',
  };
}

/**
 * Reads one answer off the bare socket. Node's own client would take the socket with it; and of an answer that our
 * server would not give there is nothing to understand.
 */
function readAnswer(socket: Socket, where: string): Promise<unknown> {
  return new Promise((resolve, reject) => {
    let received = Buffer.alloc(0);
    const timer = setTimeout(() => {
      finish(() => reject(untrusted(where, 'it does not answer')));
    }, PROOF_MS);
    const finish = (settle: () => void) => {
      clearTimeout(timer);
      socket.off('data', onData).off('error', onError).off('close', onClose);
      settle();
    };
    const onData = (chunk: Buffer) => {
      received = Buffer.concat([received, chunk]);
      const answer = parseAnswer(received);
      if (answer !== 'incomplete') finish(() => (answer === 'foreign' ? reject(foreign(where)) : resolve(answer.body)));
    };
    const onError = (error: Error) => {
      finish(() => reject(asUnreachable(error, where)));
    };
    const onClose = () => {
      finish(() => reject(received.length === 0 ? closed(where) : foreign(where)));
    };
    socket.on('data', onData).on('error', onError).on('close', onClose);
  });
}

function parseAnswer(received: Buffer): { readonly body: unknown } | 'incomplete' | 'foreign' {
  const end = received.indexOf('\r\n\r\n');
  if (end < 0) return received.length > MAX_HEALTH_BYTES ? 'foreign' : 'incomplete';
  const head = received.toString('latin1', 0, end);
  const length = Number(/^content-length: *(\d{1,9})$/im.exec(head)?.[1]);
  if (!head.startsWith('HTTP/1.1 200 ') || !(length <= MAX_HEALTH_BYTES)) return 'foreign';
  const body = received.subarray(end + 4);
  if (body.length < length) return 'incomplete';
  if (body.length > length) return 'foreign';
  try {
    return { body: JSON.parse(body.toString('utf8')) };
  } catch {
    return 'foreign';
  }
}

function closed(where: string): Error {
  return asUnreachable(Object.assign(new Error('The connection was closed.'), { code: 'ECONNRESET' }), where);
}

function foreign(where: string): UntrustedServerError {
  return untrusted(where, 'it answers as no Codewalkers server does');
}

function untrusted(where: string, why: string): UntrustedServerError {
  return new UntrustedServerError(
    `What listens at ${where} is not your Codewalkers server: ${why}. It was not shown the token.`,
  );
}
