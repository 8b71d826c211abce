import type { Progress } from '@modelcontextprotocol/sdk/types.js';
import { describe, expect, test } from 'vitest';
import { MAX_RESULT_BYTES } from '../../../src/interfaces/mcp/capped.js';
import { connectMcpHttp } from '../../support/mcp.js';
import { openTestServer, type TestServer, TOKEN } from '../../support/server.js';
import { type Sent, send, sendForText } from '../../support/server-request.js';

const HEADERS = {
  authorization: `Bearer ${TOKEN}`,
  'content-type': 'application/json',
  accept: 'application/json, text/event-stream',
};
const INITIALIZE = {
  jsonrpc: '2.0',
  id: 0,
  method: 'initialize',
  params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'raw', version: '1' } },
};

function post({ port }: TestServer, message: unknown, more: Partial<Sent> = {}) {
  const body = typeof message === 'string' ? message : JSON.stringify(message);
  return send({ port, method: 'POST', path: '/mcp', body, ...more, headers: { ...HEADERS, ...more.headers } });
}

async function openSession(server: TestServer): Promise<Record<string, string>> {
  const { headers } = await post(server, INITIALIZE);
  return { 'mcp-session-id': String(headers['mcp-session-id']) };
}

describe('the tools', () => {
  test('start a task, say how it stands, wait for it, and give its result', async () => {
    await using server = await openTestServer();
    await using mcp = await connectMcpHttp(server);
    const { id } = await mcp.call('task_spawn', { prompt: 'Say hello.', workspace: '/work' });
    expect(await mcp.call('task_status', { taskId: id })).toMatchObject({
      id,
      status: 'pending',
      prompt: 'Say hello.',
    });

    const told: Progress[] = [];
    const waiting = mcp.client.callTool({ name: 'task_result', arguments: { taskId: id, waitMs: 60_000 } }, undefined, {
      onprogress: (progress) => void told.push(progress),
    });
    server.backend.start();
    (await server.backend.runtime.nextTurn()).complete('Hello!');
    expect(await waiting).toMatchObject({
      structuredContent: { taskId: id, status: 'completed', result: { text: 'Hello!' }, nextOffset: null },
    });
    expect(told.map(({ message }) => message)).toContainEqual(expect.stringContaining('is pending'));
    expect((await mcp.call('session_list'))['items']).toMatchObject([{ taskId: id, status: 'closed' }]);
  });

  test('cancel a task', async () => {
    await using server = await openTestServer();
    await using mcp = await connectMcpHttp(server);
    const { id } = await mcp.call('task_spawn', { prompt: 'Wait.', workspace: '/work' });
    expect(await mcp.call('task_cancel', { taskId: id })).toMatchObject({ id, status: 'cancelled' });
    expect(await mcp.refused('task_cancel', { taskId: id })).toMatch(/^Cannot cancel .*\.$/);
  });

  test('refuse with one sentence that names what is wrong', async () => {
    await using server = await openTestServer();
    await using mcp = await connectMcpHttp(server);
    expect(await mcp.refused('task_spawn', { prompt: 'x' })).toContain('workspace');
    expect(await mcp.refused('task_spawn', { prompt: '', workspace: '/work' })).toContain('The prompt is empty');
    expect(await mcp.refused('task_status', { taskId: 'task_1' })).toContain('taskId');
    expect(await mcp.refused('task_status', { taskId: 'task_00000000000' })).toBe('There is no task task_00000000000.');
    await expect(mcp.client.callTool({ name: 'task_eat' })).rejects.toThrow('There is no tool task_eat.');
    expect(server.errors).toEqual([]);
  });

  test('give a long result in pieces that fit, and nothing is lost or doubled', async () => {
    await using server = await openTestServer();
    await using mcp = await connectMcpHttp(server);
    const whole = Array.from({ length: 9_000 }, (_, n) => `line ${n} 🙂 "quoted"`)
      .join('\n')
      .slice(0, 65_000);
    server.backend.start();
    const { id } = await mcp.call('task_spawn', { prompt: 'p'.repeat(100_000), workspace: '/work' });
    (await server.backend.runtime.nextTurn()).complete(whole);
    let text = '';
    for (let offset: unknown = 0; offset !== null; ) {
      const answer = await mcp.client.callTool({
        name: 'task_result',
        arguments: { taskId: id, waitMs: 10_000, offset },
      });
      const structured = answer.structuredContent as { result: { text: string }; nextOffset: number | null };
      for (const part of [structured, answer.content]) {
        expect(Buffer.byteLength(JSON.stringify(part))).toBeLessThanOrEqual(MAX_RESULT_BYTES);
      }
      text += structured.result.text;
      offset = structured.nextOffset;
    }
    expect(text).toBe(whole);
    const status = await mcp.call('task_status', { taskId: id });
    expect(Buffer.byteLength(JSON.stringify(status))).toBeLessThanOrEqual(MAX_RESULT_BYTES);
  });

  test('give up a wait that the client cancels', async () => {
    await using server = await openTestServer();
    await using mcp = await connectMcpHttp(server);
    const { id } = await mcp.call('task_spawn', { prompt: 'Wait.', workspace: '/work' });
    const abort = new AbortController();
    const waiting = mcp.client.callTool(
      { name: 'task_result', arguments: { taskId: id, waitMs: 600_000 } },
      undefined,
      {
        signal: abort.signal,
        onprogress: () => abort.abort('Not needed any more.'),
      },
    );
    await expect(waiting).rejects.toThrow('Not needed any more.');
    expect(await mcp.call('task_status', { taskId: id })).toMatchObject({ status: 'pending' });
    expect(server.errors).toEqual([]);
  });
});

describe('streamable HTTP', () => {
  test('answers with the version that the client asks for if it knows it', async () => {
    await using server = await openTestServer();
    expect((await post(server, INITIALIZE)).body['result']).toMatchObject({
      protocolVersion: '2025-06-18',
      serverInfo: { name: 'codewalkers', version: '0.0.0-test' },
    });
    const params = { ...INITIALIZE.params, protocolVersion: '1999-01-01' };
    expect((await post(server, { ...INITIALIZE, params })).body['result']).toMatchObject({
      protocolVersion: '2025-11-25',
    });
  });

  test('does without a protocol version, and refuses one that it does not know', async () => {
    await using server = await openTestServer();
    const session = await openSession(server);
    const ping = { jsonrpc: '2.0', id: 1, method: 'ping' };
    expect((await post(server, ping, { headers: session })).body).toEqual({ jsonrpc: '2.0', id: 1, result: {} });
    const old = await post(server, ping, { headers: { ...session, 'mcp-protocol-version': '1999-01-01' } });
    expect([old.status, old.body.error.message]).toEqual([400, expect.stringContaining('1999-01-01')]);
  });

  test('takes the word that a finished call was cancelled', async () => {
    await using server = await openTestServer();
    const session = await openSession(server);
    await post(server, { jsonrpc: '2.0', id: 1, method: 'tools/list' }, { headers: session });
    const body = JSON.stringify({ jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 1 } });
    const headers = { ...HEADERS, ...session };
    const answer = await sendForText({ port: server.port, method: 'POST', path: '/mcp', headers, body });
    expect([answer.status, answer.text]).toEqual([202, '']);
  });

  test.each([
    ['half a message', '{"jsonrpc":"2.0"', -32_700],
    ['no message', '{"hello":"world"}', -32_600],
    ['a batch', JSON.stringify([{ jsonrpc: '2.0', id: 1, method: 'ping' }]), -32_600],
    ['a call without a session', JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'ping' }), -32_000],
  ])('refuses %s', async (_what, body, code) => {
    await using server = await openTestServer();
    expect(await post(server, body)).toMatchObject({ status: 400, body: { id: null, error: { code } } });
  });

  test('answers an unknown method with an error of JSON-RPC', async () => {
    await using server = await openTestServer();
    const session = await openSession(server);
    const { body } = await post(server, { jsonrpc: '2.0', id: 1, method: 'prompts/list' }, { headers: session });
    expect(body).toMatchObject({ id: 1, error: { code: -32_601 } });
  });

  test('ends a session, which is unknown from then on', async () => {
    await using server = await openTestServer();
    const session = await openSession(server);
    const { port } = server;
    const headers = { authorization: HEADERS.authorization, ...session };
    expect(await sendForText({ port, method: 'DELETE', path: '/mcp', headers })).toMatchObject({ status: 200 });
    expect((await post(server, { jsonrpc: '2.0', id: 1, method: 'ping' }, { headers: session })).status).toBe(404);
  });

  test.each([
    ['GET', {}, 405],
    ['POST', { host: 'evil.example' }, 421],
    ['POST', { origin: 'https://evil.example' }, 403],
    ['DELETE', { 'sec-fetch-site': 'cross-site' }, 403],
    ['DELETE', { authorization: '' }, 401],
    ['POST', { authorization: 'Bearer no' }, 401],
    ['POST', { 'content-type': 'text/plain' }, 415],
  ])('stands behind the gate: %s %o', async (method, headers, status) => {
    await using server = await openTestServer();
    expect((await post(server, method === 'POST' ? INITIALIZE : '', { method, headers })).status).toBe(status);
  });

  test('sends a call that waits away when the server stops, as one that nothing came of', async () => {
    await using server = await openTestServer();
    const session = await openSession(server);
    const task = await server.backend.enqueue('Wait.');
    const params = { name: 'task_result', arguments: { taskId: task.id, waitMs: 600_000 } };
    const call = { jsonrpc: '2.0', id: 1, method: 'tools/call', params };
    // Takes no streams, so the whole answer waits.
    const waiting = post(server, call, { headers: { ...session, accept: 'application/json' } });
    await server.worksOn('mcp task_result');
    await server.stopServing();
    expect(await waiting).toMatchObject({ status: 503, body: { error: { reason: 'unavailable' } } });
  });

  test('starts one task of a call that is sent again under the same name', async () => {
    await using server = await openTestServer();
    const params = { name: 'task_spawn', arguments: { prompt: 'Once.', workspace: '/work' } };
    for (let n = 0; n < 2; n += 1) {
      const headers = { ...(await openSession(server)), 'codewalkers-request-id': 'a call' };
      await post(server, { jsonrpc: '2.0', id: 1, method: 'tools/call', params }, { headers });
    }
    expect((await server.client.task.list.query({})).items).toHaveLength(1);
  });

  test('keeps at most 256 sessions: the one that was not used for longest goes', async () => {
    await using server = await openTestServer();
    const first = await openSession(server);
    const second = await openSession(server);
    const ping = { jsonrpc: '2.0', id: 1, method: 'ping' };
    await post(server, ping, { headers: first });
    for (let n = 0; n < 255; n += 1) await openSession(server);
    expect((await post(server, ping, { headers: first })).status).toBe(200);
    expect((await post(server, ping, { headers: second })).status).toBe(404);
  });
});
