import type { IncomingMessage } from 'node:http';

/** Reads a request's body as text; see readBytes. */
export async function readBody(request: IncomingMessage, maxBytes: number): Promise<string | undefined> {
  return (await readBytes(request, maxBytes))?.toString('utf8');
}

/** Bodies that say that they are longer are put together as they come, in bytes. */
const LONG_FROM = 262_144;

/**
 * Reads a request's body, or as much of it as shows that it is too large: then it stops reading and gives undefined. A
 * long one has memory of its own, which can be handed over to a thread: to copy 16 MiB takes some 10 ms each time.
 */
export function readBytes(request: IncomingMessage, maxBytes: number): Promise<Buffer | undefined> {
  const length = Number(request.headers['content-length'] ?? 0);
  const whole = length > LONG_FROM && length <= maxBytes ? Buffer.from(new ArrayBuffer(length)) : undefined;
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    request.on('data', (chunk: Buffer) => {
      if (size + chunk.length <= maxBytes) {
        if (whole === undefined) chunks.push(chunk);
        else chunk.copy(whole, size);
        size += chunk.length;
        return;
      }
      request.pause();
      request.removeAllListeners('data');
      resolve(undefined);
    });
    request.once('end', () => {
      resolve(whole ?? Buffer.concat(chunks));
    });
    request.once('error', reject);
    request.once('close', () => {
      reject(new Error('The client left before its request was complete.'));
    });
  });
}
