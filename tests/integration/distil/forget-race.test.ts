import { describe, expect, it } from 'vitest';
import { createDistilByRules } from '../../../src/application/distil/distil-by-rules.js';
import { createDistilToolUses, type WaitingStretch } from '../../../src/application/distil/distil-tool-uses.js';
import { createForget } from '../../../src/application/memory/forget.js';
import type { Logger } from '../../../src/application/ports/logger.js';
import { createNewId } from '../../../src/infrastructure/system/ids.js';
import { captureUses, install } from '../../support/distil-queue.js';
import { type OpenedStorage, STORAGES } from '../../support/storage.js';
import { addSessions, addWorkspaces, NOW, prompt, SESSION } from '../../support/storage-samples.js';

const SILENT: Logger = { debug() {}, info() {}, warn() {}, error() {} };
const clock = () => NOW + 100;

async function opened(open: () => Promise<OpenedStorage>) {
  const storage = await open();
  await addWorkspaces(storage);
  await addSessions(storage);
  const newId = createNewId({ clock, random: () => 0, lastKey: 0 });
  const rules = createDistilByRules({ logger: SILENT });
  /** What the distiller was told, each time. */
  const told: string[] = [];
  return {
    storage,
    told,
    /** Distils these, and does this when the distiller has read the texts and has not answered yet. */
    distil: (uses: WaitingStretch, meanwhile: () => Promise<unknown>) =>
      createDistilToolUses({
        ...storage,
        clock,
        newId,
        distil: async (stretch, sessionId, signal) => {
          told.push(JSON.stringify([stretch.prompt, stretch.earlierFacts]));
          const made = await rules(stretch, sessionId, signal);
          if (told.length === 1) await meanwhile();
          return made;
        },
      })(uses, new AbortController().signal),
    titles: async () =>
      (await storage.read(({ observations }) => observations.list({ sessionId: SESSION, limit: 10 }))).map(
        ({ title }) => title,
      ),
    waiting: () => storage.read(({ toolUses }) => toolUses.waiting(SESSION, 10)),
    async [Symbol.asyncDispose]() {
      await storage[Symbol.asyncDispose]();
    },
  };
}

describe.each(STORAGES)('what is forgotten while a distiller holds it, in $name,', ({ open }) => {
  it('makes no observation, and neither do those who share it', async () => {
    await using it = await opened(open);
    const uses = [install(1), install(2)] as const;
    await captureUses(it.storage, uses);
    await it.distil(uses, () => it.storage.transaction(({ toolUses }) => toolUses.blank(SESSION, ['toolu_1'], NOW)));
    expect((await it.titles()).filter((title) => title.includes('pkg-1'))).toEqual([]);
    expect(await it.waiting()).toEqual([]);
  });

  it('is not told of in what others are made of, when it is the prompt', async () => {
    await using it = await opened(open);
    const said = prompt(1, { turn: 't-1', text: 'The canary sings.' });
    const uses = [install(1, { turn: 't-1' })] as const;
    await captureUses(it.storage, uses);
    await it.storage.transaction(({ prompts }) => prompts.insert(said));
    await it.distil(uses, () =>
      it.storage.transaction(async ({ prompts }) => {
        await prompts.save({ ...said, text: '' });
      }),
    );
    expect(it.told.map((text) => text.includes('canary'))).toEqual([true, false]);
    expect(await it.titles()).toHaveLength(1);
  });

  it('is not told of in what others are made of, when it is an earlier observation', async () => {
    await using it = await opened(open);
    const first = [install(1)] as const;
    await captureUses(it.storage, first);
    await it.distil(first, () => Promise.resolve());
    const [known] = await it.storage.read(({ observations }) => observations.list({ sessionId: SESSION, limit: 1 }));
    if (known === undefined) throw new Error('Nothing was made.');
    await it.storage.transaction(({ observations }) => observations.save({ ...known, facts: ['canary'] }));
    it.told.length = 0;
    const second = [install(2)] as const;
    await captureUses(it.storage, second);
    const findRemembered = () => Promise.reject(new Error('Nobody looks.'));
    const forget = createForget({ ...it.storage, clock, findRemembered });
    await it.distil(second, () => forget({ observationIds: [known.id], dryRun: false }));
    expect(it.told.map((text) => text.includes('canary'))).toEqual([true, false]);
    expect(await it.titles()).toHaveLength(1);
  });
});
