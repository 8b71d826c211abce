import { expect, it } from 'vitest';
import { z } from 'zod';
import { MemoryHit } from '../../src/application/memory/search-memory.js';
import { MemoryTimeline } from '../../src/application/memory/show-timeline.js';
import { openHome } from '../support/cli.js';

const Found = z.strictObject({ items: z.array(MemoryHit), nextCursor: z.string().nullable() });

it('finds what was said, shows what stood around it, and says what is wrong with a question', async () => {
  await using home = openHome();
  await home.run(['start']);
  const said = ['Why is port 4711 taken after a restart?', 'Rename getUserById to findUser', '数据库连接池超时了'];
  for (const [place, prompt] of said.entries()) {
    const stdin = JSON.stringify({ session_id: 'a', cwd: home.workspace, prompt, prompt_id: `turn-${String(place)}` });
    expect(await home.run(['hook', 'user-prompt-submit'], { stdin })).toMatchObject({ code: 0 });
  }
  const found = async (...args: string[]) => Found.parse(await home.json(['memory', 'search', ...args]));

  const { items } = await found('user', 'by', 'id');
  const [hit] = items;
  expect(hit).toMatchObject({ type: 'prompt', who: 'user', snippet: { text: said[1] } });
  expect(hit?.snippet.highlights.map(([start, end]) => hit.snippet.text.slice(start, end))).toContain('getUserById');
  expect((await found('连接池')).items[0]).toMatchObject({ snippet: { text: said[2] } });
  expect((await found('restart', '--type', 'fix')).items).toEqual([]);
  expect((await found('--workspace', home.workspace, '--limit', '2')).items.map(({ title }) => title)).toEqual(
    said.slice(1).reverse(),
  );

  const shown = await home.run(['memory', 'search', 'restarting', 'port']);
  expect(shown).toMatchObject({ code: 0 });
  expect(shown.stdout).toMatch(/^prompt_\w{11} {2}Why is port 4711 taken after a restart\? {2}prompt · user · /);
  expect(await home.run(['memory', 'search', 'zebra'])).toMatchObject({
    code: 0,
    stdout: '',
    stderr: 'Nothing is remembered of that.\n',
  });

  const timeline = MemoryTimeline.parse(await home.json(['memory', 'timeline', hit?.id ?? '']));
  expect(timeline.anchor).toBe(hit?.id);
  expect(timeline.items.map(({ title }) => title)).toEqual(said);
  const latest = MemoryTimeline.parse(await home.json(['memory', 'timeline']));
  expect([latest.anchor, latest.items.map(({ title }) => title)]).toEqual([null, said]);
  const around = MemoryTimeline.parse(await home.json(['memory', 'timeline', 'find', 'user', '--after', '0']));
  expect(around.items.map(({ title }) => title)).toEqual(said.slice(0, 2));

  expect(await home.run(['memory', 'timeline', 'prompt_00000000001'])).toMatchObject({ code: 3, stdout: '' });
  expect(await home.run(['memory', 'timeline', 'x', '--at', '2026-01-01'])).toMatchObject({ code: 2 });
  expect(await home.run(['memory', 'search', 'x', '--since', 'yesterday'])).toMatchObject({ code: 2 });
  expect(await home.run(['memory', 'search', 'x', '--cursor', 'nonsense'])).toMatchObject({ code: 2 });
});
