import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One answer of the peer: HTTP by hand, a use of the offered tool, or none at all. */
export type PeerTurn =
  | { readonly status: number; readonly headers?: Readonly<Record<string, string>>; readonly body?: string }
  | { readonly answer: unknown }
  | 'hang';

/** Is told of each request by its number, from 1: before it is answered, and when all of the answer is handed over. */
interface PeerListener {
  readonly asked?: (call: number) => void;
  readonly answered?: (call: number) => void;
}

/** A model API on loopback, of both providers, that gives these answers in turn and the last one for ever. */
export async function openModelPeer(turns: readonly PeerTurn[], { asked, answered }: PeerListener = {}) {
  const bodies: string[] = [];
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      bodies.push(Buffer.concat(parts).toString('utf8'));
      const call = bodies.length;
      asked?.(call);
      response.once('finish', () => answered?.(call));
      const turn = turns[Math.min(call, turns.length) - 1] ?? 'hang';
      if (turn !== 'hang') reply(response, turn, request.url?.endsWith('/messages') === true);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${String(port)}`,
    bodies,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function reply(response: ServerResponse, turn: Exclude<PeerTurn, 'hang'>, isAnthropic: boolean): void {
  if ('status' in turn) {
    response.writeHead(turn.status, { 'content-type': 'application/json', ...turn.headers }).end(turn.body ?? '{}');
    return;
  }
  const body = isAnthropic
    ? {
        content: [{ type: 'tool_use', id: 't', name: 'record', input: turn.answer }],
        usage: { input_tokens: 100, output_tokens: 20 },
      }
    : {
        choices: [
          {
            message: {
              tool_calls: [
                { id: 't', type: 'function', function: { name: 'record', arguments: JSON.stringify(turn.answer) } },
              ],
            },
          },
        ],
        usage: { prompt_tokens: 100, completion_tokens: 20 },
      };
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
