import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type DaemonHome, openDaemonHome } from '../../support/daemon-home.js';

/** A session with two prompts and answers, and notes, with whatever JSON has to escape. */
async function fill({ hook, client, work }: DaemonHome) {
  await hook('session-start', { source: 'startup' });
  for (const turn of ['p1', 'p2']) {
    await hook('user-prompt-submit', { prompt: `Do ${turn} with "quotes", \u2028 and 日本語 😀`, prompt_id: turn });
    await hook('stop', { last_assistant_message: `Done with ${turn}.\n\tAll of it.`, prompt_id: turn });
  }
  for (let n = 0; n < 250; n += 1) {
    await client.observation.add.mutate({ workspace: work, text: `Note ${String(n)}\nof more lines`, pinned: n === 7 });
  }
}

test('what is exported, imported into an empty home and exported again is the same, byte for byte', async () => {
  await using from = await openDaemonHome();
  await fill(from);
  const first = join(from.work, 'first.jsonl');
  const { records } = await from.client.observation.export.mutate({ file: first });
  // The summary of the session may be there already, or come later.
  expect(records).toBeGreaterThanOrEqual(1 + 1 + 4 + 250);

  await using to = await openDaemonHome();
  expect(await to.client.observation.import.mutate({ file: first })).toEqual({ imported: records, known: 0 });
  const second = join(to.work, 'second.jsonl');
  await to.client.observation.export.mutate({ file: second });
  expect(await readFile(second, 'utf8')).toBe(await readFile(first, 'utf8'));

  expect(await to.client.observation.import.mutate({ file: first })).toEqual({ imported: 0, known: records });
  expect((await to.client.observation.search.query({ query: 'Note 123' })).items.length).toBeGreaterThan(0);
  await expect(to.client.observation.export.mutate({ file: second })).rejects.toThrow('exists already');
});

test('a file that cannot be imported is one answer with the line, and nothing of it is taken', async () => {
  await using server = await openDaemonHome();
  const { client, work } = server;
  await client.observation.add.mutate({ workspace: work, text: 'A note' });
  const good = join(work, 'good.jsonl');
  await client.observation.export.mutate({ file: good });
  const text = await readFile(good, 'utf8');
  const file = join(work, 'bad.jsonl');
  const says = async (content: string | Buffer) => {
    await writeFile(file, content);
    return client.observation.import.mutate({ file }).then(
      () => 'imported',
      (error: unknown) => (error as Error).message.replace(file, 'FILE'),
    );
  };
  const [header = '', workspace = '', note = ''] = text.split('\n');
  expect(await says('')).toBe('FILE is empty.');
  expect(await says(Buffer.from([0, 1, 2, 255, 10]))).toBe(
    'FILE is no file of memory: its first line does not say so.',
  );
  expect(await says(text.replace('"version":1', '"version":9'))).toContain('upgrade to import it');
  expect(await says(text.slice(0, -20))).toContain('Line 3 of FILE cannot be read: it ends in the middle');
  expect(await says(`${header}\n${workspace}\n{\n${note}\n`)).toContain(
    'Line 3 of FILE cannot be read: it is not valid',
  );
  expect(await says(`${header}\n${workspace.replace('"path"', '"way"')}\n`)).toContain('Line 2 of FILE');
  const id = /workspace_\w+/.exec(note)?.[0] ?? '';
  const other = note.replace(id, 'workspace_00000000009').replace(/obs_\w+/, 'obs_00000000009');
  expect(await says(`${header}\n${other}\n`)).toContain('Line 2 of FILE speaks of something that is not in it');
  await expect(client.observation.import.mutate({ file: join(work, 'none') })).rejects.toThrow('cannot be read');
  expect((await client.observation.list.query({})).items).toHaveLength(1);
});
