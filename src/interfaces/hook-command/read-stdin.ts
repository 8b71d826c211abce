/** Largest event that is taken, in bytes; POST /hooks takes no more either. */
const MAX_EVENT_BYTES = 16 * 1024 * 1024;

/**
 * All of standard input, or nothing when it is larger than an event can be or has not ended by then (`deadlineMs` since
 * the start of the process). It may be a pipe, a file or a socket: agents differ, so it is read as descriptor 0.
 */
export function readStdin(deadlineMs: number): Promise<Buffer | undefined> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    const timer = setTimeout(() => resolve(undefined), deadlineMs - performance.now());
    const settle = (body: Buffer | undefined) => {
      clearTimeout(timer);
      resolve(body);
    };
    process.stdin
      .on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        if (bytes > MAX_EVENT_BYTES) settle(undefined);
        else chunks.push(chunk);
      })
      .once('end', () => settle(Buffer.concat(chunks)))
      .once('error', () => settle(undefined));
  });
}
