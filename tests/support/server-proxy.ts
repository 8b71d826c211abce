import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

/** Stands between a client and a server's Unix socket, and cuts their connections when the test says so. */
export interface Proxy extends AsyncDisposable {
  readonly socketPath: string;
  /** How many connections were made. */
  readonly connections: () => number;
  /** Resets every connection that is open. */
  cut(): void;
}

export async function openProxy(to: string): Promise<Proxy> {
  const socketPath = `${to}.proxy`;
  const open = new Set<Socket>();
  let connections = 0;
  const server = createServer((near) => {
    connections += 1;
    const far = connect(to);
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      open.add(socket);
      socket.pipe(other);
      socket.on('error', () => other.destroy());
      socket.on('close', () => {
        open.delete(socket);
        other.destroy();
      });
    }
  });
  server.listen(socketPath);
  await once(server, 'listening');
  const cut = () => {
    for (const socket of open) socket.destroy();
  };
  return {
    socketPath,
    connections: () => connections,
    cut,
    async [Symbol.asyncDispose]() {
      server.close();
      cut();
      await once(server, 'close');
    },
  };
}
