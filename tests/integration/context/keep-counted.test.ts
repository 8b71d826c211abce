import { describe, expect, it } from 'vitest';
import { createCountNewest } from '../../../src/application/context/count-newest.js';
import { GATHER_MS, keepCounted } from '../../../src/application/context/keep-counted.js';
import { createMakeContext } from '../../../src/application/context/make-context.js';
import { piecesOf } from '../../../src/domain/context/draft-context.js';
import { recordObservation } from '../../../src/domain/observation/observation.js';
import { createManualTime } from '../../support/manual-time.js';
import { openScope } from '../../support/scope.js';
import { openTemporaryStorage } from '../../support/storage.js';
import { addSessions, addWorkspaces, observation, WORKSPACE } from '../../support/storage-samples.js';

const SILENT = { debug() {}, info() {}, warn() {}, error() {} };

/** A storage, and a tokenizer that takes a character for a token and remembers what it was asked. */
async function opened() {
  const storage = await openTemporaryStorage();
  await addWorkspaces(storage);
  await addSessions(storage);
  const time = createManualTime();
  const asked: string[][] = [];
  let fails = false;
  const countTokens = (texts: readonly string[]) => {
    asked.push([...texts]);
    return fails ? Promise.reject(new Error('The thread died.')) : Promise.resolve(texts.map(({ length }) => length));
  };
  const countNewest = createCountNewest({ ...storage, countTokens });
  return {
    asked,
    time,
    storage,
    open: () => {
      const scope = openScope('counting', time);
      return { scope, ...keepCounted({ ...storage, logger: SILENT, countNewest }, scope) };
    },
    failing: (does: boolean) => {
      fails = does;
    },
    create: (from: number, count: number, more: Parameters<typeof observation>[1] = {}) =>
      storage.transaction(async ({ observations, events }) => {
        for (let n = from; n < from + count; n += 1) {
          const { state, events: facts } = recordObservation(observation(n, more), 1_000 + n);
          await observations.insert(state);
          await events.append(facts);
        }
      }),
    /** How many of the lines that a context may say of the observations are counted, of all that there are. */
    counted: () =>
      storage.read(async ({ observations }) => {
        const pieces = (await observations.list({ limit: 1_000 })).flatMap(piecesOf);
        const texts = pieces.map(({ text, observation: { id } }) => ({ observationId: id, text }));
        return [(await observations.lengths(texts)).size, new Set(texts.map(({ text }) => text)).size];
      }),
    [Symbol.asyncDispose]: () => storage[Symbol.asyncDispose](),
  };
}

describe('the lines of a context', () => {
  it('are counted together, soon after their observations are created, with no timer in between', async () => {
    await using it = await opened();
    const { scope } = it.open();
    await using _scope = scope;
    expect(it.time.pending()).toBe(0);
    await it.create(1, 3);
    await it.create(4, 1, { type: 'summary', narrative: 'Done: a lot\nOpen: the migration' });
    await it.create(5, 1, { type: 'note', pinned: true });
    expect(it.asked).toEqual([]);
    expect(it.time.pending()).toBe(1);
    it.time.advance(GATHER_MS);
    await expect.poll(it.counted).toEqual([10, 10]);
    expect(it.asked).toHaveLength(1);
    expect(it.time.pending()).toBe(0);

    const countTokens = () => Promise.reject(new Error('Nothing is left to count.'));
    const made = await createMakeContext({ ...it.storage, countTokens, logger: SILENT })({
      workspaceId: WORKSPACE,
      prompt: '',
      files: [],
      tokens: 2_000,
      waits: true,
    });
    expect(made).toMatchObject({ isCounted: true });
    expect(made?.observationIds).toHaveLength(5);
  });

  it('are counted when the server stops before their time has come', async () => {
    await using it = await opened();
    const { scope } = it.open();
    await it.create(1, 3);
    await scope.close();
    expect(await it.counted()).toEqual([6, 6]);
  });

  it('are counted at the next start when a server was killed before, and only once', async () => {
    await using it = await opened();
    await it.create(1, 100);
    const { catchUp, scope } = it.open();
    await using _scope = scope;
    await catchUp();
    expect(await it.counted()).toEqual([200, 200]);
    const before = it.asked.length;
    await catchUp();
    expect(it.asked).toHaveLength(before);
  });

  it('are counted with the next ones when the tokenizer failed', async () => {
    await using it = await opened();
    const { catchUp, scope } = it.open();
    await using _scope = scope;
    await catchUp();
    it.failing(true);
    await it.create(1, 40);
    it.time.advance(GATHER_MS);
    await expect.poll(() => it.asked.length).toBe(1);
    it.failing(false);
    await it.create(41, 40);
    it.time.advance(GATHER_MS);
    await expect.poll(it.counted).toEqual([160, 160]);
  });

  it('are left uncounted where no context looks: far behind the newest ones', async () => {
    await using it = await opened();
    await it.create(1, 400);
    const { catchUp, scope } = it.open();
    await using _scope = scope;
    await catchUp();
    expect(await it.counted()).toEqual([512, 800]);
  });
});
