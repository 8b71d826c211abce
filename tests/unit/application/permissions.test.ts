import { describe, expect, it } from 'vitest';
import { createOpenTurnPermissions } from '../../../src/application/agent/turn/turn-permissions.js';
import { createAnswerPermission } from '../../../src/application/permission/answer-permission.js';
import { createAskPermission } from '../../../src/application/permission/ask-permission.js';
import { createPermissionDesk } from '../../../src/application/permission/permission-desk.js';
import type { Permission } from '../../../src/domain/permission/permission.js';
import type { TaskId } from '../../../src/domain/shared/id.js';
import { type ApplicationOptions, openApplication } from '../../support/application.js';

function opened(options: ApplicationOptions = {}) {
  const backend = openApplication(options);
  backend.start();
  const asks = (requestId: string, tool: string, input: object) => ({
    type: 'permission' as const,
    request: { requestId, toolUseId: `use-${requestId}`, tool, input, title: `${tool} ${JSON.stringify(input)}` },
  });
  const inbox = async (): Promise<Permission[]> => (await backend.app.listPermissions({ limit: 10 })).items;
  /** A careful agent's turn at a new task. */
  const turn = async (prompt = 'Do it.') => {
    const { id } = await backend.enqueue(prompt, { agent: 'careful' });
    return { id, turn: await backend.runtime.nextTurn() };
  };
  const askedIn = async (taskId: TaskId) => (await inbox()).find((one) => one.taskId === taskId);
  return { ...backend, asks, inbox, turn, askedIn };
}

describe('what an agent asks leave for', () => {
  it.each([
    ['Read', { file_path: '/etc/passwd' }, 'allowed', 'rule 1: allow Read'],
    ['Edit', { file_path: '/work/src/a.ts' }, 'allowed', 'rule 2: allow Edit in src/*'],
    ['Edit', { file_path: '/work/config/.env' }, 'denied', 'rule 3: deny * in *.env'],
  ])('is decided by the first rule of the profile that fits: %s %j is %s', async (tool, input, status, reason) => {
    await using it = opened();
    const { id, turn } = await it.turn();
    await turn.tell(it.asks('r1', tool, input));
    await turn.answered(1);
    expect(turn.answers[0]).toMatchObject(['r1', { behavior: status === 'allowed' ? 'allow' : 'deny' }]);
    expect(await it.askedIn(id)).toMatchObject({ status, by: 'rule', reason });
  });

  it.each([
    ['outside of what a rule allows', { file_path: '/work/other/a.ts' }],
    ['a way out of it', { file_path: '/work/src/../../etc/passwd' }],
  ])('is asked of a person when it touches %s', async (_which, input) => {
    await using it = opened();
    const { id, turn } = await it.turn();
    await turn.tell(it.asks('r1', 'Edit', input));
    expect(await it.askedIn(id)).toMatchObject({ status: 'waiting', tool: 'Edit', by: null });
    expect(turn.answers).toEqual([]);
  });

  it('is answered once, and the agent hears it', async () => {
    await using it = opened();
    const { id, turn } = await it.turn();
    await turn.tell(it.asks('r1', 'Bash', { command: 'rm -rf build' }));
    const { id: permissionId } = (await it.askedIn(id)) ?? { id: 'perm_' as const };
    const denial = { permissionId, answer: 'deny', message: 'Not today.', always: false } as const;
    expect(await it.app.answerPermission(denial)).toMatchObject({ status: 'denied', by: 'person' });
    await turn.answered(1);
    expect(turn.answers).toEqual([['r1', { behavior: 'deny', message: 'The user said no: Not today.' }]]);
    const again = it.app.answerPermission({ permissionId, answer: 'allow', always: false });
    await expect(again).rejects.toMatchObject({ code: 'invalid_transition' });
    const { items } = await it.app.listEvents({ types: ['permission.asked', 'permission.decided'], limit: 10 });
    expect(items).toHaveLength(2);
  });

  it('is not asked again of who has answered for good', async () => {
    await using it = opened();
    const first = await it.turn();
    await first.turn.tell(it.asks('r1', 'Bash', { command: 'npm test' }));
    const { id: permissionId } = (await it.askedIn(first.id)) ?? { id: 'perm_' as const };
    await it.app.answerPermission({ permissionId, answer: 'allow', always: true });
    first.turn.complete();
    const second = await it.turn();
    await second.turn.tell(it.asks('r1', 'Bash', { command: 'npm run build' }));
    await second.turn.answered(1);
    expect(second.turn.answers).toEqual([['r1', { behavior: 'allow', always: false }]]);
    expect(await it.askedIn(second.id)).toMatchObject({ status: 'allowed', by: 'earlier' });
  });

  it('keeps its task waiting when nobody answers in time, and lets it go on with the answer', async () => {
    await using it = opened();
    const { id, turn } = await it.turn();
    await turn.tell(it.asks('r1', 'Bash', { command: 'npm publish' }));
    it.time.advance(60_000);
    const parked = await it.until(id, 'scheduled');
    expect(parked).toMatchObject({ attempts: 0, error: { code: 'parked' } });
    const asked = await it.askedIn(id);
    expect(asked).toMatchObject({ status: 'waiting' });
    expect(parked.error?.message).toContain(`cw approve ${String(asked?.id)}`);

    await it.app.answerPermission({ permissionId: asked?.id ?? 'perm_', answer: 'allow', always: false });
    const next = await it.runtime.nextTurn();
    await next.tell(it.asks('r9', 'Bash', { command: 'npm publish' }));
    await next.answered(1);
    expect(next.answers).toEqual([['r9', { behavior: 'allow', always: false }]]);
    next.complete();
    expect(await it.until(id, 'completed')).toMatchObject({ attempts: 1, epoch: 2 });
  });

  it('is the same request when another agent goes on with the task', async () => {
    await using it = opened();
    const { id, turn } = await it.turn();
    await turn.tell(it.asks('r1', 'Bash', { command: 'make' }));
    turn.end({ outcome: 'aborted', receipt: { ended: 0, left: 0 } });
    const next = await it.runtime.nextTurn();
    await next.tell(it.asks('r1', 'Bash', { command: 'make' }));
    const { id: permissionId } = (await it.askedIn(id)) ?? { id: 'perm_' as const };
    expect(await it.inbox()).toHaveLength(1);
    await it.app.answerPermission({ permissionId, answer: 'allow', always: false });
    await next.answered(1);
  });

  it('is answered also by who is faster than the turn that asks it again', async () => {
    await using it = opened();
    const { id, turn } = await it.turn();
    const asked = it.asks('r1', 'Bash', { command: 'make' });
    await turn.tell(asked);
    const permissionId = (await it.askedIn(id))?.id ?? 'perm_';
    const [task, desk, ask] = [
      await it.app.getTask({ taskId: id }),
      createPermissionDesk(),
      createAskPermission(it.needs),
    ];
    if (task.status !== 'processing' || task.sessionId === null) throw new Error('The turn has not begun.');
    const answers: unknown[] = [];
    using permissions = createOpenTurnPermissions({
      ...{ ...it.needs, desk, getPermission: it.app.getPermission },
      // The answer is there before the turn has heard that there is something to wait for.
      async askPermission(request) {
        const waiting = await ask(request);
        await createAnswerPermission({ ...it.needs, desk })({ permissionId, answer: 'allow', always: false });
        return waiting;
      },
    })(task, task.sessionId, {
      answer: (requestId, answer) => Promise.resolve(void answers.push([requestId, answer])),
      unanswered: () => undefined,
    });
    await permissions.ask(asked.request);
    expect(answers).toEqual([['r1', { behavior: 'allow', always: false }]]);
    expect(permissions.isWaiting()).toBe(false);
  });

  it('is withdrawn with the end of its task', async () => {
    await using it = opened();
    const { id, turn } = await it.turn();
    await turn.tell(it.asks('r1', 'Bash', { command: 'make' }));
    turn.complete();
    await it.until(id, 'completed');
    expect(await it.askedIn(id)).toMatchObject({ status: 'withdrawn' });
    const second = await it.turn();
    await second.turn.tell(it.asks('r1', 'Bash', { command: 'make' }));
    await it.app.cancelTask({ taskId: second.id });
    expect(await it.askedIn(second.id)).toMatchObject({ status: 'withdrawn' });
  });

  it('stands without its secrets', async () => {
    await using it = opened();
    const { id, turn } = await it.turn();
    const secret = 'ghp_0123456789abcdefghijklmnopqrstuvwxyz';
    await turn.tell(it.asks('r1', 'Bash', { command: `curl -H "Authorization: Bearer ${secret}" x` }));
    const asked = await it.askedIn(id);
    expect(JSON.stringify(asked)).not.toContain(secret);
    expect(asked?.input).toContain('curl');
  });
});
