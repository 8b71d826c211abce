import { describe, expect, it } from 'vitest';
import type { SessionId } from '../../../src/domain/shared/id.js';
import { openApplication } from '../../support/application.js';
import type { OpenTurn } from '../../support/scripted-runtime.js';

const ORIGIN = { source: 'claude', providerSessionId: 'abc', cwd: '/work' };
const PROMPT = 'Fix the parser.';
const CALL = {
  type: 'tool_call',
  toolUseId: 'toolu_1',
  name: 'Bash',
  title: 'npm test',
  input: { command: 'npm test' },
  subagent: null,
} as const;
const RESULT = { type: 'tool_result', toolUseId: 'toolu_1', outcome: 'done', output: 'ok', diffs: [] } as const;

/** A task whose agent tells of itself, and whose hooks tell of the same under the agent's own name of the turn. */
function opened() {
  const backend = openApplication({});
  const { app } = backend;
  backend.start();
  return {
    ...backend,
    join: (turn: OpenTurn) => turn.tell({ type: 'session', ...ORIGIN, agentVersion: null, resumed: false }),
    hooks: {
      prompt: (text: string, change: { at?: number; isRecalled?: boolean } = {}) =>
        app.recordPrompt({ session: ORIGIN, who: 'user', turn: 'p1', text, ...change }),
      toolUse: (toolUseId = 'toolu_1') => {
        const use = { toolUseId, name: 'Bash', outcome: 'done' as const, input: CALL.input, result: 'ok', turn: 'p1' };
        return app.recordToolUses({ session: ORIGIN, toolUses: [use] }, 'hook');
      },
      answer: (text: string) => app.recordAnswer({ session: ORIGIN, turn: 'p1', goesOn: false, text }),
    },
    remembered: (sessionId: SessionId | null) =>
      backend.read(async ({ prompts, toolUses }) => ({
        said: (await prompts.list({ sessionId: sessionId ?? 'session_', limit: 10 })).map(({ who, text }) => [
          who,
          text,
        ]),
        uses: (await toolUses.waiting(sessionId ?? 'session_', 10)).map(({ toolUseId, turn }) => [toolUseId, turn]),
      })),
  };
}

describe('a task whose agent has hooks', () => {
  it.each(['hooks first', 'hooks last'] as const)('is remembered once: %s', async (order) => {
    await using it = opened();
    const { id } = await it.enqueue(PROMPT);
    const turn = await it.runtime.nextTurn();
    await it.join(turn);
    await it.hooks.prompt(PROMPT);
    if (order === 'hooks first') await it.hooks.toolUse();
    await turn.tell(CALL, RESULT);
    if (order === 'hooks last') await it.hooks.toolUse();
    if (order === 'hooks first') await it.hooks.answer('Fixed.');
    turn.complete('Fixed.');
    const { sessionId } = await it.until(id, 'completed');
    if (order === 'hooks last') await it.hooks.answer('Fixed.');
    expect(await it.remembered(sessionId)).toEqual({
      said: [
        ['task', PROMPT],
        ['agent', 'Fixed.'],
      ],
      uses: [['toolu_1', id]],
    });
    expect((await it.app.listSessions({ limit: 10 })).items).toHaveLength(1);
  });

  it('is remembered once, too, when its transcript is read after its end; what a user says then is kept', async () => {
    await using it = opened();
    const { id } = await it.enqueue(PROMPT);
    const turn = await it.runtime.nextTurn();
    await it.join(turn);
    turn.complete('Fixed.');
    const { sessionId } = await it.until(id, 'completed');
    await it.hooks.prompt(PROMPT, { isRecalled: true });
    await it.app.recordPrompt({ session: ORIGIN, who: 'user', turn: 'p2', text: 'And the lexer?' });
    expect((await it.remembered(sessionId)).said).toEqual([
      ['task', PROMPT],
      ['agent', 'Fixed.'],
      ['user', 'And the lexer?'],
    ]);
  });

  it('is remembered as what the user said, without what was put before it of earlier results', async () => {
    await using it = opened();
    const earlier = await it.enqueue('npm ci');
    const { id } = await it.enqueue(PROMPT, { agent: 'careful', after: [earlier.id] });
    (await it.runtime.nextTurn()).complete();
    const turn = await it.runtime.nextTurn();
    expect(turn.prompt).toMatch(/^<private>.*results\.json\.\n<\/private>Fix the parser\.$/);
    await it.join(turn);
    turn.complete('Fixed.');
    const { sessionId } = await it.until(id, 'completed');
    await it.hooks.prompt(turn.prompt, { isRecalled: true });
    expect((await it.remembered(sessionId)).said).toEqual([
      ['task', PROMPT],
      ['agent', 'Fixed.'],
    ]);
  });

  it.each(['hooks first', 'hooks last', 'hooks after its end'] as const)(
    'and is private leaves nothing but its place: %s',
    async (order) => {
      await using it = opened();
      const { id } = await it.enqueue(`<private>${PROMPT}</private>`);
      const turn = await it.runtime.nextTurn();
      await it.join(turn);
      const hooks = async () => {
        await it.hooks.prompt(`<private>${PROMPT}</private>`);
        await it.hooks.toolUse();
        await it.hooks.answer('Fixed.');
      };
      if (order === 'hooks first') await hooks();
      await turn.tell(CALL, RESULT);
      if (order === 'hooks last') await hooks();
      turn.complete('Fixed.');
      const { sessionId } = await it.until(id, 'completed');
      if (order === 'hooks after its end') await hooks();
      expect(await it.remembered(sessionId)).toEqual({ said: [['task', '']], uses: [] });
    },
  );
});
