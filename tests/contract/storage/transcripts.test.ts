import { describe, expect, it } from 'vitest';
import { closeSession } from '../../../src/domain/session/session-transitions.js';
import { TRANSCRIPT_START } from '../../../src/domain/session/transcript-position.js';
import { STORAGES } from '../../support/storage.js';
import { addSessions, addWorkspaces, NOW, OTHER_SESSION, SESSION } from '../../support/storage-samples.js';

const READ = { file: '77', head: 'abc', offset: 120, isInLongLine: true, turn: 't1', calls: { toolu_1: 60 } };

describe.each(STORAGES)('how far transcripts are read in $name', ({ open }) => {
  async function opened() {
    const storage = await open();
    await addWorkspaces(storage);
    await addSessions(storage);
    await storage.transaction(async ({ sessions }) => {
      for (const id of [SESSION, OTHER_SESSION]) {
        await sessions.save({ ...(await sessions.get(id)), transcriptPath: `/t/${id}.jsonl` });
      }
    });
    const find = () => storage.read(({ transcripts }) => transcripts.find(SESSION));
    const unread = (after: typeof SESSION | null, limit = 10) =>
      storage.read(({ transcripts }) => transcripts.unread('claude', after, limit));
    return { ...storage, find, unread };
  }

  it('is saved, and from which moment on stays as it is', async () => {
    await using storage = await opened();
    expect(await storage.find()).toBeUndefined();
    const save = (change: object = {}) =>
      storage.transaction(({ transcripts }) =>
        transcripts.save({ ...READ, sessionId: SESSION, readAt: NOW, ...change }),
      );
    const skipUntil = (moment: number) =>
      storage.transaction(({ transcripts }) => transcripts.skipUntil(SESSION, moment));
    await save();
    expect(await storage.find()).toEqual({ ...READ, sessionId: SESSION, notBefore: 0, readAt: NOW });
    await skipUntil(NOW + 5);
    await skipUntil(NOW + 3);
    await save({ offset: 130, turn: null, calls: {}, isInLongLine: false, readAt: null });
    const later = { ...READ, offset: 130, turn: null, calls: {}, isInLongLine: false };
    expect(await storage.find()).toEqual({ ...later, sessionId: SESSION, notBefore: NOW + 5, readAt: null });
  });

  it('can begin with what is not taken', async () => {
    await using storage = await opened();
    await storage.transaction(({ transcripts }) => transcripts.skipUntil(SESSION, NOW));
    expect(await storage.find()).toEqual({ ...TRANSCRIPT_START, sessionId: SESSION, notBefore: NOW, readAt: null });
  });

  it('tells which sessions may have more: open ones, and those that ended since', async () => {
    await using storage = await opened();
    const end = (at: number) =>
      storage.transaction(async ({ sessions }) => sessions.save(closeSession(await sessions.get(SESSION), at).state));
    const reached = (readAt: number | null) =>
      storage.transaction(({ transcripts }) => transcripts.save({ ...READ, sessionId: SESSION, readAt }));
    expect(await storage.unread(null)).toEqual([SESSION, OTHER_SESSION]);
    expect(await storage.unread(null, 1)).toEqual([SESSION]);
    expect(await storage.unread(SESSION)).toEqual([OTHER_SESSION]);
    await reached(NOW + 10);
    expect(await storage.unread(null)).toContain(SESSION);
    await end(NOW + 11);
    expect(await storage.unread(null)).toContain(SESSION);
    await reached(NOW + 11);
    expect(await storage.unread(null)).toEqual([OTHER_SESSION]);
    expect(await storage.read(({ transcripts }) => transcripts.unread('codex', null, 10))).toEqual([]);
  });
});
