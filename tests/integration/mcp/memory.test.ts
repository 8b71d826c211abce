import { describe, expect, test } from 'vitest';
import type { KeptObservation } from '../../../src/domain/observation/observation.js';
import { MAX_RESULT_BYTES } from '../../../src/interfaces/mcp/capped.js';
import { connectMcpHttp } from '../../support/mcp.js';
import { openTestServer, type TestServer } from '../../support/server.js';
import { observation } from '../../support/storage-samples.js';

async function keep({ backend }: TestServer, ...observations: KeptObservation[]): Promise<void> {
  await backend.transaction(async (stores) => {
    for (const kept of observations) await stores.observations.insert(kept);
  });
}

describe('memory_save', () => {
  test("keeps a note as an agent's, without the secrets in it", async () => {
    await using server = await openTestServer();
    await using mcp = await connectMcpHttp(server);
    const text = 'Deploy with make ship.\nAuthorization: Bearer abcdefghijklmnopqrstuvwxyz0123456789';
    const { id } = await mcp.call('memory_save', { text, workspace: '/work', pinned: true });
    const [note] = await server.app.getObservations({ observationIds: [id as KeptObservation['id']] });
    expect(note).toMatchObject({ type: 'note', origin: 'agent', pinned: true, title: 'Deploy with make ship.' });
    expect(JSON.stringify(note)).not.toContain('abcdefghijklmnopqrstuvwxyz');
    expect(await mcp.refused('memory_save', { text })).toContain('workspace');
  });

  test("of an agent keeps it in the agent's own workspace only", async () => {
    await using server = await openTestServer();
    const own = await server.backend.enqueue('Mine.');
    const token = server.backend.needs.grants.issue('agent_00000000001');
    server.backend.needs.grants.begin('agent_00000000001', own);
    await using mcp = await connectMcpHttp(server, token);
    expect(await mcp.refused('memory_save', { text: 'x', workspace: '/other' })).toContain('keeps notes only there');
    expect(await mcp.call('memory_save', { text: 'x', workspace: '/work/src' })).toMatchObject({
      workspaceId: own.workspaceId,
    });
  });
});

describe('memory_get', () => {
  test('gives what is asked for, whole, in that order', async () => {
    await using server = await openTestServer();
    await using mcp = await connectMcpHttp(server);
    const [first, second] = [observation(1), observation(2)];
    await keep(server, first, second);
    expect(await mcp.call('memory_get', { observationIds: [second.id, first.id] })).toEqual({
      items: [second, first],
      left: [],
    });
    const missing = observation(3).id;
    expect(await mcp.call('memory_get', { observationIds: [missing] })).toEqual({ items: [], left: [] });
  });

  test('says what did not fit, and shortens what alone is too long', async () => {
    await using server = await openTestServer();
    await using mcp = await connectMcpHttp(server);
    const long = Array.from({ length: 6 }, (_, n) => observation(n + 1, { narrative: 'é'.repeat(4_000) }));
    const huge = observation(9, { narrative: 'x'.repeat(60_000) });
    await keep(server, ...long, huge);
    let ids: string[] = [...long, huge].map(({ id }) => id);
    const read: string[] = [];
    while (ids.length > 0) {
      const answer = await mcp.client.callTool({ name: 'memory_get', arguments: { observationIds: ids } });
      for (const part of [answer.structuredContent, answer.content]) {
        expect(Buffer.byteLength(JSON.stringify(part))).toBeLessThanOrEqual(MAX_RESULT_BYTES);
      }
      const { items, left } = answer.structuredContent as { items: { id: string }[]; left: string[] };
      read.push(...items.map(({ id }) => id));
      ids = left;
    }
    expect(read).toEqual([...long, huge].map(({ id }) => id));
  });

  test("gives an agent nothing of another repository's", async () => {
    await using server = await openTestServer();
    const { backend } = server;
    const own = await backend.enqueue('Mine.');
    const other = await backend.enqueue('Not yours.', { workspace: '/other' });
    const [mine, theirs] = [
      observation(1, { workspaceId: own.workspaceId }),
      observation(2, { workspaceId: other.workspaceId, narrative: 'secret' }),
    ];
    await keep(server, mine, theirs);
    const token = backend.needs.grants.issue('agent_00000000001');
    backend.needs.grants.begin('agent_00000000001', own);
    await using mcp = await connectMcpHttp(server, token);
    const answer = await mcp.client.callTool({
      name: 'memory_get',
      arguments: { observationIds: [theirs.id, mine.id] },
    });
    expect(answer.structuredContent).toEqual({ items: [mine], left: [] });
    expect(JSON.stringify(answer)).not.toContain('secret');
  });
});
