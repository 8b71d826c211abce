import { connect, type Socket } from 'node:net';

/** A subscriber at a bare socket: it reads only when told to, and sees every byte. */
export interface BareStream {
  readonly socket: Socket;
  /** Resolves with everything received, once it matches. */
  until(pattern: RegExp): Promise<string>;
}

export function openBareStream(socketPath: string, path: string): BareStream {
  const socket = connect(socketPath);
  let received = '';
  const waiting = new Set<() => void>();
  socket.setEncoding('utf8');
  socket.on('data', (chunk: string) => {
    received += chunk;
    for (const look of waiting) look();
  });
  socket.write(`GET /trpc/${path} HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n\r\n`);
  return {
    socket,
    until: (pattern) =>
      new Promise((resolve, reject) => {
        const look = () => {
          if (!pattern.test(received)) return;
          waiting.delete(look);
          resolve(received);
        };
        waiting.add(look);
        socket.once('error', reject);
        socket.once('close', () => {
          reject(new Error(`The stream ended with: ${received}`));
        });
        look();
      }),
  };
}
