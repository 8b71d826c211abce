import type { Socket } from 'node:net';

const LINE_FEED = 10;

/** Calls back with each line of a socket as JSON. One that is too long, or is no JSON, ends the connection. */
export function onJsonLines(socket: Socket, maxBytes: () => number, take: (value: unknown) => void): void {
  let parts: Buffer[] = [];
  let held = 0;
  socket.on('data', (chunk: Buffer) => {
    let from = 0;
    for (let at = chunk.indexOf(LINE_FEED); at >= 0; at = chunk.indexOf(LINE_FEED, from)) {
      parts.push(chunk.subarray(from, at));
      const line = Buffer.concat(parts).toString('utf8');
      parts = [];
      held = 0;
      from = at + 1;
      let value: unknown;
      try {
        value = JSON.parse(line) as unknown;
      } catch {
        socket.destroy();
        return;
      }
      take(value);
      if (socket.destroyed) return;
    }
    held += chunk.length - from;
    parts.push(chunk.subarray(from));
    if (held > maxBytes()) socket.destroy();
  });
}

/** Writes one line; resolves when the system has it. Rejects when the connection is gone. */
export function writeJsonLine(socket: Socket, value: unknown): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.write(`${JSON.stringify(value)}\n`, (error) => {
      if (error === null || error === undefined) resolve();
      else reject(error);
    });
  });
}
