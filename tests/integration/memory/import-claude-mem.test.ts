import { appendFileSync, copyFileSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { copyClaudeMem } from '../../../src/infrastructure/claude-mem/copy-claude-mem.js';
import { createClaudeMemDatabase, THEN } from '../../support/claude-mem-database.js';
import { type DaemonHome, openDaemonHome } from '../../support/daemon-home.js';

const TOKEN = `ghp_${'a1B2'.repeat(9)}`;

/** Imports twice: the second time everything is known and nothing has changed. */
async function importTwice({ client }: DaemonHome, file: string) {
  const first = await client.observation.importClaudeMem.mutate({ file });
  const { items } = await client.observation.list.query({});
  const second = await client.observation.importClaudeMem.mutate({ file });
  expect(second).toEqual({ ...first, imported: 0, known: first.imported + first.known, unplaced: [] });
  expect((await client.observation.list.query({})).items).toEqual(items);
  return { ...first, items };
}

test('an old database, in whose log everything still stands, is taken in once', async () => {
  await using server = await openDaemonHome();
  const file = join(server.work, 'old.db');
  using _source = createClaudeMemDatabase(file, 'old', {
    sdk_sessions: [{ claude_session_id: 'c1', sdk_session_id: 's1', project: 'elsewhere', user_prompt: 'Mend it' }],
    observations: [
      { sdk_session_id: 's1', project: 'elsewhere', type: 'bugfix', text: `The parser\nlost ${TOKEN} on the way.` },
      { sdk_session_id: 'gone', project: 'elsewhere', type: 'whim', text: 'Of no session' },
    ],
    session_summaries: [{ sdk_session_id: 's1', project: 'elsewhere', request: 'Mend it', completed: 'Mended' }],
  });
  const before = await readdir(server.work);
  const { items, ...counts } = await importTwice(server, file);
  expect(counts).toEqual({ imported: 4, known: 0, skipped: 0, unplaced: ['elsewhere'] });
  expect(await readdir(server.work)).toEqual(before);
  expect(await readdir(server.home)).not.toContain('import');

  const [summary, orphan, fix] = ['summary', 'discovery', 'fix'].map((type) => items.find((one) => one.type === type));
  expect(fix).toMatchObject({ origin: 'import', title: 'The parser', createdAt: THEN });
  expect(fix?.narrative).toBe('The parser\nlost [redacted:github-token] on the way.');
  expect(orphan).toMatchObject({ sessionId: null, title: 'Of no session', workspaceId: fix?.workspaceId });
  expect(summary?.narrative).toBe('Asked:\n• Mend it\nFound: nothing\nDone:\n• Mended\nOpen: nothing');
  expect(await server.filesWith(TOKEN.toLowerCase())).toEqual([]);
});

test('a middle one has prompts and lists, and its project is found by the files that it names', async () => {
  await using server = await openDaemonHome();
  const { client, work } = server;
  const project = join(work, 'engine');
  await mkdir(project);
  const file = join(work, 'middle.db');
  using _source = createClaudeMemDatabase(file, 'middle', {
    sdk_sessions: [{ content_session_id: 'c1', memory_session_id: 'm1', project: 'engine', user_prompt: 'First' }],
    user_prompts: [
      { content_session_id: 'c1', prompt_number: 1, prompt_text: 'First question about carburettors' },
      { content_session_id: 'c1', prompt_number: 2, prompt_text: '<private>hush</private>' },
      { content_session_id: 'nobody', prompt_number: 1, prompt_text: 'Of no session' },
    ],
    observations: Array.from({ length: 230 }, (_, n) => ({
      memory_session_id: 'm1',
      project: 'engine',
      type: 'refactor',
      title: `Work ${String(n)}`,
      subtitle: 'In short',
      narrative: 'At length',
      facts: n === 0 ? '- one\n- two' : JSON.stringify(['one', 'two']),
      concepts: 'pistons, valves',
      files_modified: JSON.stringify([join(project, 'src/a.ts')]),
    })),
  });
  const { items, ...counts } = await importTwice(server, file);
  expect(counts).toEqual({ imported: 1 + 1 + 230, known: 0, skipped: 2, unplaced: [] });
  expect(items[0]).toMatchObject({
    narrative: 'In short\nAt length',
    facts: ['one', 'two'],
    concepts: ['pistons', 'valves'],
    filesModified: [join(project, 'src/a.ts')],
  });
  const found = await client.observation.search.query({ query: 'carburettors' });
  expect(found.items[0]?.title).toBe('First question about carburettors');
  const { items: workspaces } = await client.workspace.list.query({});
  expect(workspaces.map(({ path, id }) => [path, id])).toEqual([[project, items[0]?.workspaceId]]);
});

test('the newest one: two kinds of agent with one id, a merged project, a known workspace, and what is forgotten', async () => {
  await using server = await openDaemonHome();
  const { client, work } = server;
  await client.workspace.add.mutate({ path: work });
  const session = { content_session_id: 'same', project: basename(work) };
  const file = join(work, 'newest.db');
  using _source = createClaudeMemDatabase(file, 'newest', {
    sdk_sessions: [
      { ...session, memory_session_id: 'm1', platform_source: 'claude', custom_title: 'By Claude' },
      { ...session, memory_session_id: 'm2', platform_source: 'codex', user_prompt: 'By Codex' },
    ],
    user_prompts: [{ session_db_id: 2, content_session_id: 'same', prompt_number: 1, prompt_text: 'To Codex' }],
    observations: [
      {
        ...{ memory_session_id: 'm2', project: 'branch', merged_into_project: basename(work) },
        ...{ type: 'decision', title: 'Settled', created_at_epoch: THEN / 1_000 },
      },
    ],
    session_summaries: [
      { memory_session_id: 'm1', project: 'x', merged_into_project: basename(work), learned: 'a\nb', next_steps: 'c' },
    ],
  });
  const { items, ...counts } = await importTwice(server, file);
  // The project that was merged away is still named by nothing that is kept.
  expect(counts).toEqual({ imported: 5, known: 0, skipped: 0, unplaced: [] });
  const { items: sessions } = await client.session.list.query({});
  const named = Object.fromEntries(sessions.map((one) => [one.source, one]));
  expect(named['claude']).toMatchObject({ title: 'By Claude', status: 'closed', prompts: 0, startedAt: THEN });
  expect(named['codex']).toMatchObject({ title: 'By Codex', prompts: 1 });
  const decision = items.find(({ type }) => type === 'decision');
  expect(decision).toMatchObject({ sessionId: named['codex']?.id, createdAt: THEN });
  expect(items.find(({ type }) => type === 'summary')?.narrative).toContain('Found:\n• a\n• b');

  await client.observation.forget.mutate({ observationIds: [decision?.id ?? 'obs_00000000000'] });
  expect(await client.observation.importClaudeMem.mutate({ file })).toMatchObject({ imported: 0, known: 5 });
});

test('a prompt that a hook has noted is not taken a second time', async () => {
  await using server = await openDaemonHome();
  const { client, work, hook } = server;
  await hook('session-start', { source: 'startup' });
  await hook('user-prompt-submit', { prompt: 'Said once', prompt_id: 'p1' });
  const file = join(work, 'both.db');
  const at = { created_at_epoch: Date.now() };
  using _source = createClaudeMemDatabase(file, 'middle', {
    sdk_sessions: [{ content_session_id: 'one', memory_session_id: 'm1', project: basename(work) }],
    user_prompts: [{ content_session_id: 'one', prompt_number: 1, prompt_text: 'Said once', ...at }],
  });
  const counts = { imported: 0, known: 2, skipped: 0, unplaced: [] };
  expect(await client.observation.importClaudeMem.mutate({ file })).toEqual(counts);
});

test('what cannot be imported is one sentence, and nothing of it is taken', async () => {
  await using server = await openDaemonHome();
  const { client, work, home } = server;
  const file = join(work, 'bad.db');
  const says = (path = file) =>
    client.observation.importClaudeMem.mutate({ file: path }).then(
      () => 'imported',
      (error: unknown) => (error as Error).message.replace(path, 'FILE'),
    );
  expect(await says(join(work, 'none'))).toBe('FILE cannot be read: it is not there.');
  await writeFile(file, '');
  expect(await says()).toBe('FILE is empty.');
  await writeFile(file, 'no database at all, but long enough to be looked at. '.repeat(40));
  expect(await says()).toBe('FILE is no SQLite database.');

  const other = join(work, 'other.db');
  const foreign = new Database(other);
  foreign.exec('CREATE TABLE recipe (id INTEGER PRIMARY KEY, text TEXT)');
  foreign.close();
  expect(await says(other)).toBe('FILE is a database, but none of claude-mem.');

  const future = join(work, 'future.db');
  using source = createClaudeMemDatabase(future, 'newest', {
    sdk_sessions: [{ content_session_id: 'c', memory_session_id: 'm', project: 'p' }],
  });
  source.database.exec('ALTER TABLE observations RENAME COLUMN memory_session_id TO thread');
  expect(await says(future)).toContain('does not know (it has no observations.memory_session_id); upgrade');

  source.database.pragma('wal_checkpoint(TRUNCATE)');
  const whole = await readFile(future);
  await writeFile(file, whole.subarray(0, Math.floor(whole.length / 2)));
  expect(await says()).toContain('FILE is damaged');
  expect((await client.session.list.query({})).items).toEqual([]);
  expect(await readdir(home)).not.toContain('import');
});

test('a database that is written during the copy is refused', async () => {
  await using server = await openDaemonHome();
  const file = join(server.work, 'busy.db');
  using _source = createClaudeMemDatabase(file, 'middle', {});
  const directory = join(server.work, 'copy');
  await mkdir(directory);
  const copy = () =>
    copyClaudeMem({ file, directory }, (from, to) => {
      copyFileSync(from, to);
      if (from === file) appendFileSync(`${file}-wal`, 'more');
    });
  expect(copy).toThrow('is being written');
});
