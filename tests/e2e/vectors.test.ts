import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { createClient } from '../../src/interfaces/client/client.js';
import { type CliHome, openHome } from '../support/cli.js';
import { openEmbeddingPeer } from '../support/embedding-peer.js';

const Found = z.object({ items: z.array(z.object({ title: z.string() })), vectors: z.string() });
const WAIT = { timeout: 20_000, interval: 100 };
/** Within it an answer comes whatever the embedder does, in milliseconds: its own 300, and a busy machine. */
const ANSWER_MS = 3_000;

function openVectorHome(vectors: object | undefined): CliHome {
  const home = openHome();
  mkdirSync(home.path, { mode: 0o700 });
  writeFileSync(join(home.path, 'config.json'), JSON.stringify({ memory: { vectors } }), { mode: 0o600 });
  return home;
}

/** Searches over the API, and says what was found by its titles. */
async function search(home: CliHome, query: string) {
  const client = createClient({ home: home.path });
  try {
    const { items, vectors } = Found.parse(await client.observation.search.query({ query }));
    return { titles: items.map(({ title }) => title), vectors };
  } finally {
    await client.close();
  }
}

async function note(home: CliHome, text: string): Promise<void> {
  expect((await home.run(['memory', 'add', '--workspace', home.workspace, text])).code).toBe(0);
}

it('finds by meaning what words miss, goes on after a restart, and by words alone when the embedder does not answer', async () => {
  await using peer = await openEmbeddingPeer();
  await using home = openVectorHome({ model: 'm', baseUrl: peer.url });
  await note(home, 'The automobile was repaired');
  await note(home, 'Soup for lunch');
  await expect
    .poll(() => search(home, 'car fix'), WAIT)
    .toEqual({ titles: ['The automobile was repaired', 'Soup for lunch'], vectors: 'used' });

  for (const mood of ['never', 'garbage', 'error'] as const) {
    peer.state.mood = mood;
    expect((await home.run(['restart'])).code).toBe(0);
    const began = performance.now();
    expect(await search(home, 'lunch'), mood).toEqual({ titles: ['Soup for lunch'], vectors: 'unavailable' });
    expect(performance.now() - began).toBeLessThan(ANSWER_MS);
  }
  await note(home, 'A vehicle was mended');

  peer.state.mood = 'well';
  expect((await home.run(['restart'])).code).toBe(0);
  await expect
    .poll(async () => (await search(home, 'car fix')).titles.slice(0, 2).sort(), WAIT)
    .toEqual(['A vehicle was mended', 'The automobile was repaired']);
});

it('sends nothing and says so when vectors are off', async () => {
  await using home = openVectorHome(undefined);
  await note(home, 'Soup for lunch');
  expect(await search(home, 'lunch')).toEqual({ titles: ['Soup for lunch'], vectors: 'off' });
});

it('sends no secret, and forgets a vector with its document', async () => {
  await using peer = await openEmbeddingPeer();
  await using home = openVectorHome({ model: 'm', baseUrl: peer.url });
  const secret = 'ghp_0123456789abcdefghijklmnopqrstuvwxyz';
  await note(home, `The vehicle needs ${secret}`);
  await expect.poll(async () => (await search(home, `car ${secret}`)).vectors, WAIT).toBe('used');
  await expect.poll(async () => (await search(home, 'car')).titles, WAIT).toHaveLength(1);
  expect(peer.asked.join(' ')).not.toContain(secret);

  const [entry] = z
    .object({ items: z.array(z.object({ id: z.string() })) })
    .parse(await home.json(['memory', 'search', 'vehicle'])).items;
  expect((await home.run(['memory', 'forget', entry?.id ?? '', '--yes'])).code).toBe(0);
  expect((await home.run(['memory', 'prune'])).code).toBe(0);
  expect((await search(home, 'car')).titles).toEqual([]);
  expect((await home.run(['stop'])).code).toBe(0);
  // The float 1 beside -0.01, as the vector of a word has it: no file holds such a run of numbers any more.
  const run = Buffer.from(Float32Array.of(-0.01, -0.01, -0.01, -0.01).buffer);
  const files = readdirSync(home.path, { recursive: true, withFileTypes: true }).filter((file) => file.isFile());
  for (const file of files) expect(readFileSync(join(file.parentPath, file.name)).includes(run), file.name).toBe(false);
});

it.each([
  [{ model: '' }, 'memory.vectors.model'],
  [{ model: 'm', dimensions: 12 }, 'memory.vectors.dimensions'],
  [{ model: 'm', baseUrl: 'nowhere' }, 'memory.vectors.baseUrl'],
])('refuses a setting that is wrong: %j', async (vectors, place) => {
  await using home = openVectorHome(vectors);
  const started = await home.run(['serve']);
  expect(started.code).toBe(78);
  expect(started.stderr).toContain(place);
});
