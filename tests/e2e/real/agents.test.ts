import { randomUUID } from 'node:crypto';
import { access, readdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { AgentUpdate } from '../../../src/application/ports/agent-update.js';
import { ofType } from '../../support/agents/acp-bench.js';
import { isAlive } from '../../support/agents/bystander.js';
import { pidIn } from '../../support/agents/content-of.js';
import { updatesOf } from '../../support/agents/updates-of.js';
import { type AgentDesk, follow, openAgentDesk, take } from '../../support/real/agent-desk.js';
import type { RealAgent } from '../../support/real/real-agents.js';

/** The slowest, opencode, takes up to 8 s to start on a machine that is busy, and starts twice. In milliseconds. */
const TIME_LIMIT_MS = 120_000;

/** In what the four differ. */
interface Habits {
  readonly version: string;
  /** The name of its shell. */
  readonly shell: string;
  /** False for one whose turn ends when leave is denied, without a word of its model. */
  readonly goesOnWhenDenied: boolean;
  /** An id of a conversation that it has never had. */
  readonly unknown: string;
  /** Lets time pass in which it must not be taken up again. */
  readonly wait?: (desk: AgentDesk) => Promise<void>;
}

const AGENTS: Readonly<Record<RealAgent, Habits>> = {
  claude: { version: '2.1.328', shell: 'Bash', goesOnWhenDenied: true, unknown: randomUUID() },
  codex: { version: '0.169.0', shell: 'Bash', goesOnWhenDenied: true, unknown: randomUUID() },
  gemini: {
    version: '0.61.0',
    shell: 'run_shell_command',
    goesOnWhenDenied: true,
    unknown: randomUUID(),
    wait: beforeThisMinute,
  },
  opencode: {
    version: '1.18.33',
    shell: 'bash',
    goesOnWhenDenied: false,
    unknown: 'ses_dde27ce72ffefPu5V5TsVL1X2w',
  },
};

/** Gemini writes a conversation to a file named by the minute, and begins that file anew if it is taken up within it. */
async function beforeThisMinute({ user }: AgentDesk): Promise<void> {
  const chats = join(user, '.gemini', 'tmp', 'workspace', 'chats');
  for (const name of await readdir(chats)) {
    await rename(join(chats, name), join(chats, name.replace(/^session-[\dT-]{16}/, 'session-2026-01-01T00-00')));
  }
}

const shell = (command: string) => ({ op: 'shell', command, escalate: true });

describe.each(Object.entries(AGENTS))('the real %s behind its runtime', { timeout: TIME_LIMIT_MS }, (key, habits) => {
  const name = key as RealAgent;

  it('takes a turn with a tool that is allowed and one that is denied, follows up and is taken up again', async (context) => {
    await using desk = await openAgentDesk(
      name,
      [
        { text: 'I ask.', calls: [shell('echo made > allowed.txt')] },
        { text: 'Done.' },
        { text: 'I ask again.', calls: [shell('touch denied.txt')] },
        ...(habits.goesOnWhenDenied ? [{ text: 'Not done.' }] : []),
        { text: 'Still here.' },
      ],
      context,
    );
    const agent = await desk.start();
    const first = await take(agent, desk.turn('first'));
    expect(first.filter(({ type }) => type === 'unknown')).toEqual([]);
    expect(first[0]).toMatchObject({ type: 'session', source: name, resumed: false });
    expect(first[1]).toMatchObject({ type: 'mark' });
    expect(ofType(first, 'session').at(-1)).toMatchObject({ agentVersion: habits.version });
    const [call] = ofType(first, 'tool_call');
    expect(call).toMatchObject({ name: habits.shell });
    expect(JSON.stringify(call?.input)).toContain('echo made > allowed.txt');
    expect(ofType(first, 'tool_result')).toMatchObject([{ toolUseId: call?.toolUseId, outcome: 'done' }]);
    expect(ofType(first, 'permission')).toHaveLength(1);
    expect(ofType(first, 'usage').at(-1)?.usage.inputTokens).toBeGreaterThan(0);
    expect(first.at(-1)).toMatchObject({ end: { outcome: 'completed', result: { text: 'Done.' } } });
    await access(join(desk.workspace, 'allowed.txt'));

    const second = await take(agent, follow(desk.turn('second'), first), false);
    expect(ofType(second, 'session')[0]).toMatchObject({ resumed: true });
    expect(ofType(second, 'tool_result')).toMatchObject([{ outcome: 'failed' }]);
    const last = habits.goesOnWhenDenied ? 'Not done.' : 'I ask again.';
    expect(second.at(-1)).toMatchObject({ end: { outcome: 'completed', result: { text: last } } });
    await expect(access(join(desk.workspace, 'denied.txt'))).rejects.toMatchObject({ code: 'ENOENT' });

    expect(await agent.stop()).toMatchObject({ left: 0 });
    await habits.wait?.(desk);
    const third = await take(await desk.start(), follow(desk.turn('third'), first));
    const { providerSessionId } = ofType(first, 'session')[0] ?? {};
    expect(ofType(third, 'session')[0]).toMatchObject({ resumed: true, providerSessionId });
    expect(third.at(-1)).toMatchObject({ end: { outcome: 'completed', result: { text: 'Still here.' } } });
    expect(desk.model.requests().at(-1)).toContain('I ask again.');
  });

  it('begins anew with a hand-over where a conversation is not there any more', async (context) => {
    await using desk = await openAgentDesk(name, [{ text: 'New.' }], context);
    const turn = desk.turn('go on');
    const conversation = { ...turn.conversation, providerSessionId: habits.unknown };
    const updates = await take(await desk.start(), { ...turn, conversation });
    expect(ofType(updates, 'session')[0]).toMatchObject({ resumed: false });
    expect(ofType(updates, 'progress')[0]?.message).toContain('hand-over');
    expect(desk.model.requests().join('\n')).toContain('BEFORE');
    expect(updates.at(-1)).toMatchObject({ end: { outcome: 'completed', result: { text: 'New.' } } });
  });

  it('is interrupted while it speaks and within a tool, goes on, and is stopped within a `sleep 300` of a tool', async (context) => {
    const sleep = (file: string) => shell(`echo $$ > ${file}; sleep 300`);
    await using desk = await openAgentDesk(
      name,
      [
        { text: 'HANGING', hang: true },
        { text: 'I sleep.', calls: [sleep('one')] },
        { text: 'Here again.' },
        { text: 'I sleep again.', calls: [sleep('two')] },
      ],
      context,
    );
    const agent = await desk.start();
    const cut = new AbortController();
    const speaking = updatesOf(agent.prompt(desk.turn('first', { signal: cut.signal })));
    await desk.model.asked(1);
    cut.abort();
    const spoken = await speaking;
    expect(spoken.at(-1)).toMatchObject({ end: { outcome: 'aborted', receipt: { left: 0 } } });

    const abort = new AbortController();
    const working = take(agent, follow(desk.turn('second', { signal: abort.signal }), spoken));
    const one = await pidIn(join(desk.workspace, 'one'));
    abort.abort();
    const worked = await working;
    expect(worked.at(-1)).toMatchObject({ end: { outcome: 'aborted', receipt: { left: 0 } } });
    expect(isAlive(one)).toBe(false);

    const third = await take(agent, follow(desk.turn('third'), worked));
    expect(third.at(-1)).toMatchObject({ end: { outcome: 'completed', result: { text: 'Here again.' } } });

    const fourth = take(agent, follow(desk.turn('fourth'), third));
    const two = await pidIn(join(desk.workspace, 'two'));
    expect(await agent.stop()).toMatchObject({ left: 0 });
    expect(isAlive(two)).toBe(false);
    expect((await fourth).at(-1)).toMatchObject({ end: { outcome: 'aborted' } });
  });

  it('tells limits and faults of the model by their kind, and goes on after them', async (context) => {
    // The last one that stands in the conversation counts. Some ask again by themselves, and hear the same again.
    const faults = [
      ['zebra', 'rate_limited', { status: 429, error_type: 'rate_limit_error', error: 'Rate limit reached' }],
      ['gnu', 'usage', { status: 401, error_type: 'authentication_error', error: 'invalid api key' }],
      ['lynx', 'failed', { status: 500, error_type: 'server_error', error: 'broken' }],
      ['heron', null, { text: 'Well again.' }],
    ] as const;
    const routes = faults.map(([body, , says]) => ({
      when: { body, tools: true },
      turns: Array(10).fill(says) as object[],
    }));
    await using desk = await openAgentDesk(name, [], context, routes.reverse());
    const agent = await desk.start();
    let last: AgentUpdate[] = [];
    for (const [prompt, code] of faults) {
      last = await take(agent, follow(desk.turn(prompt), last));
      if (code === null)
        expect(last.at(-1)).toMatchObject({ end: { outcome: 'completed', result: { text: 'Well again.' } } });
      else expect(last.at(-1)).toMatchObject({ end: { outcome: 'failed', error: { code } } });
      expect(ofType(last, 'rate_limit')).toHaveLength(code === 'rate_limited' ? 1 : 0);
    }
  });
});
