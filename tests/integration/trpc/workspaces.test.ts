import { expect, test } from 'vitest';
import { failureOf } from '../../../src/interfaces/client/client.js';
import { openTestServer } from '../../support/server.js';
import { openProxy } from '../../support/server-proxy.js';

test('a subscriber sees what happens to workspaces, over lost connections and restarts, each change once', async () => {
  await using server = await openTestServer();
  await using proxy = await openProxy(server.socketPath);
  const { app } = server;
  const client = server.connect({ socketPath: proxy.socketPath });
  const seen: string[] = [];
  const waiting = new Set<() => void>();
  client.workspace.onChange.subscribe(
    { after: 0 },
    {
      onData: ({ id, data }) => {
        seen.push(`${id} ${data.event?.type ?? 'reset'} ${data.workspace?.status ?? '-'}`);
        for (const look of waiting) look();
      },
    },
  );
  const until = (count: number) =>
    new Promise<void>((resolve) => {
      const look = () => {
        if (seen.length < count) return;
        waiting.delete(look);
        resolve();
      };
      waiting.add(look);
      look();
    });
  const { id } = await app.addWorkspace({ path: '/work' });
  await until(1);
  proxy.cut();
  await app.pauseQueue(true);
  await app.removeWorkspace({ workspaceId: id });
  await until(2);
  await server.restart();
  await app.addWorkspace({ path: '/work' });
  await until(3);
  expect(seen).toEqual(['1 workspace.added active', '3 workspace.removed removed', '4 workspace.added active']);
});

test('a subscriber to one workspace hears of no other, and of one that there is not gets one error', async () => {
  await using server = await openTestServer();
  const { client, app } = server;
  const mine = await app.addWorkspace({ path: '/mine' });
  const other = await app.addWorkspace({ path: '/other' });
  await app.removeWorkspace({ workspaceId: other.id });
  await app.removeWorkspace({ workspaceId: mine.id });
  const types: string[] = [];
  for await (const { data } of client.workspace.onChange.subscribe({ workspaceId: mine.id, after: 0 })) {
    expect(data.event?.workspaceId).toBe(mine.id);
    types.push(data.event?.type ?? 'reset');
    if (types.length === 2) break;
  }
  expect(types).toEqual(['workspace.added', 'workspace.removed']);
  const failed = (async () => {
    for await (const item of client.workspace.onChange.subscribe({ workspaceId: 'workspace_00000000000' })) {
      expect.fail(JSON.stringify(item));
    }
  })();
  expect(failureOf(await failed.catch((error: unknown) => error))).toMatchObject({
    kind: 'refused',
    reason: 'not_found',
  });
});

test('a removed workspace is not scanned, and files need a sensible filter', async () => {
  await using server = await openTestServer();
  const { client } = server;
  const { id } = await client.workspace.add.mutate({ path: '/work' });
  expect(await client.workspace.scan.mutate({ workspaceId: id })).toMatchObject({ files: 0, complete: true });
  expect(await client.workspace.files.query({ workspaceId: id, match: '*.ts' })).toEqual({
    items: [],
    nextCursor: null,
  });
  const tooLong = client.workspace.files.query({ workspaceId: id, match: 'x'.repeat(300) });
  await expect(tooLong).rejects.toThrow('The filter has at most 256 characters.');
  await client.workspace.remove.mutate({ workspaceId: id });
  await expect(client.workspace.scan.mutate({ workspaceId: id })).rejects.toThrow(
    'Cannot scan workspace /work: it is removed.',
  );
});
