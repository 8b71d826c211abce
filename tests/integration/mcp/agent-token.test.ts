import { describe, expect, test } from 'vitest';
import type { Task } from '../../../src/domain/task/task.js';
import { appRouter } from '../../../src/interfaces/trpc/router.js';
import { connectMcpHttp } from '../../support/mcp.js';
import { openTestServer, type TestServer, TOKEN } from '../../support/server.js';
import { type Sent, send, sendForText } from '../../support/server-request.js';

const AGENT = 'agent_00000000001';
/** Everything that an agent may call; the rest of the API is tried below, whatever it is. */
const ALLOWED = new Set([
  'task.get',
  'task.result',
  'task.results',
  'task.enqueue',
  'task.cancel',
  'task.onUpdate',
  'session.list',
  'observation.search',
  'observation.timeline',
  'observation.get',
  'observation.list',
]);

interface Run {
  readonly token: string;
  /** The task that the agent works on. */
  readonly own: Task;
  /** The user's, in another workspace. */
  readonly other: Task;
}

/** An agent that works on a task, beside another task that is none of its business. */
async function openRun({ backend }: TestServer): Promise<Run> {
  const own = await backend.enqueue('Mine.');
  const other = await backend.enqueue('Not yours.', { workspace: '/other', unique: 'key' });
  const token = backend.needs.grants.issue(AGENT);
  backend.needs.grants.begin(AGENT, own);
  return { token, own, other };
}

function ask(server: TestServer, token: string, path: string, more: Partial<Sent> = {}) {
  const { method = 'GET', port = server.port } = more;
  const json = method === 'POST' ? { 'content-type': 'application/json' } : {};
  return send({ port, path, ...more, method, headers: { authorization: `Bearer ${token}`, ...json } });
}

const query = (name: string, input: object) => `/trpc/${name}?input=${encodeURIComponent(JSON.stringify(input))}`;

describe("an agent's token", () => {
  test('reaches its own task and those that it starts, in its own workspace', async () => {
    await using server = await openTestServer();
    const { token, own } = await openRun(server);
    await using mcp = await connectMcpHttp(server, token);
    expect(await mcp.call('task_status', { taskId: own.id })).toMatchObject({ id: own.id });
    const started = await mcp.call('task_spawn', { prompt: 'Help.', workspace: '/work/src', unique: 'key' });
    expect(started).toMatchObject({ prompt: 'Help.', workspace: '/work', workspaceId: own.workspaceId });
    expect(await mcp.call('task_spawn', { prompt: 'Help.', workspace: '/work', unique: 'key' })).toMatchObject({
      id: started['id'],
    });
    expect(await mcp.call('task_result', { taskId: started['id'] })).toMatchObject({ status: 'pending' });
    expect(await mcp.call('task_cancel', { taskId: started['id'] })).toMatchObject({ status: 'cancelled' });
    expect(await mcp.call('session_list')).toMatchObject({ items: [] });
  });

  test('reaches no task of anybody else, and no other workspace', async () => {
    await using server = await openTestServer();
    const { token, other } = await openRun(server);
    await using mcp = await connectMcpHttp(server, token);
    for (const tool of ['task_status', 'task_result', 'task_cancel']) {
      expect(await mcp.refused(tool, { taskId: other.id })).toBe(`${other.id} is not a task of this agent's.`);
    }
    expect(await mcp.refused('task_result', { taskId: other.id, waitMs: 1_000 })).toContain('is not a task of');
    for (const workspace of ['/other', '/', '/worker', '/work/../other', other.workspaceId]) {
      expect(await mcp.refused('task_spawn', { prompt: 'x', workspace })).toContain('starts tasks only there');
    }
    const late = { prompt: 'x', workspace: '/work', after: [other.id] };
    expect(await mcp.refused('task_spawn', late)).toContain('is not a task of');
    const anyway = { ...late, after: [{ task: other.id, onFailure: 'run' }] };
    expect(await mcp.refused('task_spawn', anyway)).toContain('is not a task of');
    expect(await mcp.refused('session_list', { workspaceId: other.workspaceId })).toContain('not in');
    expect(await server.client.task.get.query({ taskId: other.id })).toMatchObject({ status: 'pending' });
  });

  test('may call of the API what is listed, and nothing else, on the port and on the socket', async () => {
    await using server = await openTestServer();
    const { token, own, other } = await openRun(server);
    const { socketPath, port } = server;
    for (const where of [{ port }, { socketPath }]) {
      const names = Object.entries(appRouter._def.procedures as unknown as Record<string, { _def: { type: string } }>);
      for (const [name, { _def }] of names) {
        if (ALLOWED.has(name) || _def.type === 'subscription') continue;
        const body = _def.type === 'mutation' ? { method: 'POST', body: '{}' } : {};
        const { status } = await ask(server, token, `/trpc/${name}`, { ...where, ...body });
        expect([name, status]).toEqual([name, 403]);
      }
      expect((await ask(server, token, query('task.get', { taskId: own.id }), where)).status).toBe(200);
      expect((await ask(server, token, query('task.get', { taskId: other.id }), where)).status).toBe(403);
      expect((await ask(server, token, query('task.results', { taskId: other.id }), where)).status).toBe(403);
      for (const path of ['/metrics', '/hooks/stop']) {
        const method = path === '/metrics' ? 'GET' : 'POST';
        expect((await ask(server, token, path, { ...where, method, body: '' })).status).toBe(403);
      }
    }
    expect(server.shutdowns).toEqual([]);
    expect((await server.client.queue.stats.query()).paused).toBe(false);
  });

  test('follows no stream of anybody else', async () => {
    await using server = await openTestServer();
    const { token, other } = await openRun(server);
    const { port } = server;
    const headers = { authorization: `Bearer ${token}` };
    for (const path of [query('event.stream', { after: 0 }), query('task.onUpdate', { taskId: other.id })]) {
      // A stream that went on would keep this from ending.
      expect((await sendForText({ port, path, headers })).text).toContain('"reason":"forbidden"');
    }
  });

  test('is refused when its run is over, also by the socket, and so is one that nobody has made', async () => {
    await using server = await openTestServer();
    const { token, own } = await openRun(server);
    const path = query('task.get', { taskId: own.id });
    const { socketPath } = server;
    server.backend.needs.grants.end(AGENT);
    expect((await ask(server, token, path)).status).toBe(401);
    expect((await ask(server, token, path, { socketPath })).status).toBe(401);
    expect((await ask(server, 'cwa_made-up', path, { socketPath })).status).toBe(401);
    expect((await ask(server, TOKEN, path, { socketPath })).status).toBe(200);
  });

  test('does not open the session of somebody else', async () => {
    await using server = await openTestServer();
    const { token } = await openRun(server);
    const params = { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'user', version: '1' } };
    const json = { 'content-type': 'application/json' };
    const { port } = server;
    const post = (bearer: string, message: object, headers: Record<string, string> = {}) =>
      send({
        ...{ port, method: 'POST', path: '/mcp', body: JSON.stringify({ jsonrpc: '2.0', id: 1, ...message }) },
        headers: { authorization: `Bearer ${bearer}`, ...json, ...headers },
      });
    const { headers } = await post(TOKEN, { method: 'initialize', params });
    const session = { 'mcp-session-id': String(headers['mcp-session-id']) };
    expect((await post(TOKEN, { method: 'ping' }, session)).status).toBe(200);
    expect((await post(token, { method: 'ping' }, session)).status).toBe(404);
  });
});
