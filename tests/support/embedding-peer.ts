import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

const DIMENSIONS = 64;
/** Words that mean the same share a place. */
const MEANINGS: Readonly<Record<string, string>> = {
  automobile: 'car',
  vehicle: 'car',
  repaired: 'fix',
  mended: 'fix',
};

/** How the peer answers from now on. */
export type EmbeddingMood = 'well' | 'never' | 'garbage' | 'error';

/** An embeddings API as OpenAI's on loopback: every word points somewhere, and words that mean the same to one place. */
export async function openEmbeddingPeer() {
  const asked: string[] = [];
  const state: { mood: EmbeddingMood } = { mood: 'well' };
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const { input } = JSON.parse(Buffer.concat(parts).toString('utf8')) as { input: string[] };
      asked.push(...input);
      if (state.mood === 'never') return;
      response.writeHead(state.mood === 'error' ? 500 : 200, { 'content-type': 'application/json' });
      const data = input.map((text, index) => ({ object: 'embedding', index, embedding: vectorOf(text) }));
      response.end(state.mood === 'garbage' ? '{"data":[{"embedding":["x"]}]}' : JSON.stringify({ data }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${String(port)}/v1`,
    /** All texts that it was sent. */
    asked,
    state,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function vectorOf(text: string): number[] {
  const vector = new Array<number>(DIMENSIONS).fill(-0.01);
  for (const word of text.toLowerCase().match(/[a-z]+/g) ?? []) {
    const place =
      createHash('sha256')
        .update(MEANINGS[word] ?? word)
        .digest()
        .readUInt16BE(0) % DIMENSIONS;
    vector[place] = (vector[place] ?? 0) + 1;
  }
  return vector;
}
