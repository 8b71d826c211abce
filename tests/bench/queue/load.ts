import { connect } from 'node:net';

/** One request, and how often it is sent over so many connections. */
export interface LoadOrder {
  readonly socketPath: string;
  /** As it goes over the wire. */
  readonly request: string;
  readonly requests: number;
  readonly connections: number;
}

/** A request without a body. */
export function get(path: string): string {
  return `GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`;
}

/** A request that posts JSON. */
export function post(path: string, body: object): string {
  const text = JSON.stringify(body);
  const length = String(Buffer.byteLength(text));
  return `POST ${path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: ${length}\r\n\r\n${text}`;
}

/**
 * Sends one request after the other on each connection, until there were so many; requests a second. It reads no more
 * of an answer than its status and length, so that it is the server that is measured.
 */
export async function load({ socketPath, request, requests, connections }: LoadOrder): Promise<number> {
  let left = requests;
  const started = performance.now();
  await Promise.all(
    Array.from({ length: connections }, () => {
      return new Promise<void>((resolve, reject) => {
        const socket = connect(socketPath);
        const next = () => {
          left -= 1;
          if (left >= 0) socket.write(request);
          else socket.end(() => resolve());
        };
        let missing = -1;
        socket.on('data', (chunk: Buffer) => {
          if (missing < 0) {
            const end = chunk.indexOf('\r\n\r\n');
            const head = chunk.toString('latin1', 0, end);
            if (!head.startsWith('HTTP/1.1 200 ')) reject(new Error(chunk.toString()));
            missing = Number(/content-length: (\d+)/i.exec(head)?.[1] ?? 2) + end + 4;
          }
          missing -= chunk.length;
          if (missing > 0) return;
          missing = -1;
          next();
        });
        socket.once('error', reject);
        socket.once('connect', next);
      });
    }),
  );
  return requests / ((performance.now() - started) / 1_000);
}
