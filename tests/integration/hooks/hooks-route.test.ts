import { describe, expect, test } from 'vitest';
import { HOOKS_TOKEN, openTestServer, type TestServer, TOKEN } from '../../support/server.js';
import { send } from '../../support/server-request.js';

const JSON_TYPE = { 'content-type': 'application/json' };
const COMMON = { session_id: 'abc', cwd: '/work', transcript_path: '/home/me/.claude/projects/w/abc.jsonl' };
const TOOL = { ...COMMON, tool_name: 'Bash', tool_input: { command: 'ls' }, tool_use_id: 't1', tool_response: 'ok' };

interface Posted {
  readonly path?: string;
  readonly headers?: Record<string, string>;
}

function post({ socketPath }: TestServer, body: unknown, { path = '/hooks/post-tool-use', headers = {} }: Posted = {}) {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return send({ socketPath, method: 'POST', path, headers: { ...JSON_TYPE, ...headers }, body: text });
}

function postOnTcp({ port }: TestServer, headers: Record<string, string>, path = '/hooks/post-tool-use') {
  return send({ port, method: 'POST', path, headers: { ...JSON_TYPE, ...headers }, body: JSON.stringify(TOOL) });
}

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

async function toolUses({ backend }: TestServer) {
  return backend.read(async (stores) => {
    const [session] = await stores.sessions.list({ limit: 1 });
    return session === undefined ? [] : stores.toolUses.waiting(session.id, 100);
  });
}

describe('hooks over HTTP', () => {
  test('are answered with an object that decides nothing', async () => {
    await using server = await openTestServer();
    for (const name of [
      'session-start',
      'user-prompt-submit',
      'pre-tool-use',
      'post-tool-use',
      'stop',
      'session-end',
    ]) {
      const answer = await post(server, { ...TOOL, prompt: 'Go.' }, { path: `/hooks/${name}` });
      expect([answer.status, answer.body]).toEqual([200, {}]);
    }
    expect(await toolUses(server)).toHaveLength(1);
  });

  test('tell the agent at the start of a session what is remembered', async () => {
    await using server = await openTestServer();
    const context = (text: string | null) => {
      Object.assign(server.app, { sessionContext: () => Promise.resolve(text) });
      return post(server, { ...COMMON, source: 'startup' }, { path: '/hooks/session-start' });
    };
    expect((await context('Remember the milk.')).body).toEqual({
      hookSpecificOutput: { hookEventName: 'SessionStart', additionalContext: 'Remember the milk.' },
    });
    expect((await context(null)).body).toEqual({});
  });

  test('may be posted on TCP with their own token, which opens nothing else', async () => {
    await using server = await openTestServer();
    expect((await postOnTcp(server, bearer(HOOKS_TOKEN))).status).toBe(200);
    expect((await postOnTcp(server, bearer(TOKEN))).status).toBe(200);
    expect((await postOnTcp(server, {})).status).toBe(401);
    expect((await postOnTcp(server, bearer(HOOKS_TOKEN.replace('0', '1')))).status).toBe(401);
    for (const path of ['/trpc/observation.list', '/ready', '/metrics', '/', '/hooks']) {
      expect((await send({ port: server.port, path, headers: bearer(HOOKS_TOKEN) })).status).toBe(401);
    }
    expect((await postOnTcp(server, bearer(HOOKS_TOKEN), '/trpc/system.shutdown')).status).toBe(401);
    expect(server.shutdowns).toEqual([]);
  });

  test('may be posted by no page, not even ours', async () => {
    await using server = await openTestServer();
    const own = `http://127.0.0.1:${server.port}`;
    for (const headers of [{ origin: own }, { 'sec-fetch-site': 'same-origin' }, { 'sec-fetch-site': 'none' }]) {
      expect((await postOnTcp(server, { ...bearer(TOKEN), ...headers })).status).toBe(403);
    }
    expect((await postOnTcp(server, { ...bearer(TOKEN), 'content-type': 'text/plain' })).status).toBe(415);
    expect((await send({ port: server.port, path: '/hooks/stop', headers: bearer(TOKEN) })).status).toBe(405);
    expect(await toolUses(server)).toEqual([]);
  });

  test.each([
    ['nothing', '', /not valid JSON/],
    ['half of one', '{"session_id": "abc", "cw', /not valid JSON/],
    ['no object', '["session_id"]', /no JSON object/],
    ['null', 'null', /no JSON object/],
    ['no session', { ...TOOL, session_id: undefined }, /its session_id is missing/],
    ['a session that is a number', { ...TOOL, session_id: 7 }, /its session_id is not a text/],
    ['a session whose name has no end', { ...TOOL, session_id: 'x'.repeat(201) }, /its session_id has over 200/],
    ['a directory that is none', { ...TOOL, cwd: 'relative' }, /its cwd is no absolute path/],
    ['a directory that is a list', { ...TOOL, cwd: ['/work'] }, /its cwd is not a text/],
    ['no tool', { ...TOOL, tool_name: null }, /its tool_name is missing/],
    ['a duration that is none', { ...TOOL, duration_ms: 'long' }, /its duration_ms is no duration/],
    ['a turn that is an object', { ...TOOL, prompt_id: {} }, /its prompt_id is not a text/],
  ])('that hold %s are refused in one sentence', async (_what, body, sentence) => {
    await using server = await openTestServer();
    const answer = await post(server, body);
    expect(answer.status).toBe(400);
    expect(answer.body.error).toMatchObject({
      reason: 'invalid_input',
      message: expect.stringMatching(sentence) as string,
    });
    expect(answer.body.error.message).toMatch(/^[A-Z].*\.$/);
    expect(await toolUses(server)).toEqual([]);
    expect(server.errors).toEqual([]);
  });

  test('that nobody knows, and fields that nobody knows, are let pass', async () => {
    await using server = await openTestServer();
    const unknown = { ...COMMON, hook_event_name: 'Teleported', anything: [1, { deep: true }] };
    expect((await post(server, unknown, { path: '/hooks/teleported' })).body).toEqual({});
    expect((await post(server, { ...TOOL, hook_event_name: 'PostToolUse', from_the_future: {} })).status).toBe(200);
    expect(await toolUses(server)).toHaveLength(1);
  });

  test('are taken up to 16 MiB and nested to any depth; what is kept of them is little', async () => {
    await using server = await openTestServer();
    const large = `HEAD${'x'.repeat(16_000_000)}TAIL`;
    expect((await post(server, { ...TOOL, tool_response: { stdout: large, stderr: '' } })).status).toBe(200);
    const deep = `${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}`;
    const nested = JSON.stringify({ ...TOOL, tool_use_id: 't2' }).replace('{"command":"ls"}', deep);
    expect((await post(server, nested)).status).toBe(200);
    const kept = await toolUses(server);
    expect(kept.map(({ result }) => result.slice(0, 4))).toEqual(['HEAD', 'ok']);
    expect(kept[0]?.result.length).toBeLessThan(17_000);
    expect((await post(server, `"${'x'.repeat(16_777_216)}"`)).status).toBe(413);
  });

  test('are taken while the server drains', async () => {
    await using server = await openTestServer();
    server.setState('draining');
    expect((await post(server, TOOL)).status).toBe(200);
    expect(await toolUses(server)).toHaveLength(1);
  });
});
