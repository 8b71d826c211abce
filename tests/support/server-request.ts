import { type IncomingHttpHeaders, request } from 'node:http';
import { connect } from 'node:net';

export interface Answered {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: { readonly error: { readonly message: string; readonly reason: string } } & Record<string, unknown>;
}

export interface Sent {
  readonly port?: number;
  readonly socketPath?: string;
  readonly method?: string;
  readonly path: string;
  readonly headers?: Record<string, string>;
  readonly body?: string | Buffer;
}

/** One request as any program could send it, without our client. */
export async function send(request: Sent): Promise<Answered> {
  const { text, ...answer } = await sendForText(request);
  return { ...answer, body: JSON.parse(text) as Answered['body'] };
}

/** The same, for what may not be answered with JSON. */
export function sendForText({
  method = 'GET',
  body,
  headers = {},
  ...target
}: Sent): Promise<Omit<Answered, 'body'> & { readonly text: string }> {
  return new Promise((resolve, reject) => {
    const outgoing = request({ host: '127.0.0.1', ...target, method, headers, agent: false }, (incoming) => {
      let text = '';
      incoming.setEncoding('utf8');
      incoming.on('data', (chunk: string) => {
        text += chunk;
      });
      incoming.on('end', () => {
        resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, text });
      });
      incoming.on('error', reject);
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

/** Sends these very bytes and resolves with all that comes back until the other end closes. */
export function sendBytes(port: number, bytes: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let received = '';
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes));
    socket.setEncoding('utf8');
    socket.on('data', (chunk: string) => {
      received += chunk;
    });
    socket.on('close', () => {
      resolve(received);
    });
    socket.on('error', reject);
  });
}
