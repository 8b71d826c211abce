import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it, type TestContext } from 'vitest';
import type { Agent } from '../../../src/domain/agent/agent.js';
import type { Attempt } from '../../../src/domain/task/attempt.js';
import type { Task } from '../../../src/domain/task/task.js';
import { SystemStatus } from '../../../src/interfaces/trpc/server-status.js';
import { isAlive } from '../../support/agents/bystander.js';
import { pidIn } from '../../support/agents/content-of.js';
import { type CliHome, openHome, processesWith } from '../../support/cli.js';
import { startFakeModel } from '../../support/real/fake-model.js';
import { type RealAgent, requireAgent } from '../../support/real/real-agents.js';
import { REAL_PROGRAMS } from '../../support/real/real-programs.js';

/** An agent is started up to twice and its hooks start programs, on a machine that may be busy. In milliseconds. */
const TIME_LIMIT_MS = 240_000;

/** What `cw session show --json` tells, as far as it is looked at. */
interface Shown {
  readonly tools: readonly { readonly uses: number }[];
  readonly said: readonly { readonly who: string; readonly text: string }[];
  readonly observations: readonly { readonly title: string }[];
  /** What its hook was handed at the start; so it ran. Codex runs none that was not trusted by hand, and Gemini none over ACP. */
  readonly contexts: readonly object[];
}

/** A user's server with one real agent, which may use every tool. */
async function openDesk(home: CliHome, name: RealAgent, says: readonly object[], context: Pick<TestContext, 'skip'>) {
  const program = requireAgent(name, context);
  const user = join(dirname(home.path), 'user');
  mkdirSync(user);
  mkdirSync(home.path, { mode: 0o700 });
  execFileSync('git', ['init', '--quiet'], { cwd: home.workspace });
  const model = await startFakeModel(says, home.workspace);
  const { protocol, args, env, settings } = REAL_PROGRAMS[name];
  const [path, text] = settings(model.url) ?? [null, ''];
  if (path !== null) {
    mkdirSync(dirname(join(user, path)), { recursive: true });
    writeFileSync(join(user, path), text);
  }
  const [command, ...words] = [...model.within, program, ...args];
  const permissions = { default: 'allow' };
  const profile = { protocol, command, args: words, env: { HOME: user, ...env(model.url) }, permissions };
  writeFileSync(join(home.path, 'config.json'), JSON.stringify({ agents: { [name]: profile } }), { mode: 0o600 });
  const options = { env: { HOME: user } };
  const sessions = async () => ((await home.json(['session', 'list'], options)) as { items: { id: string }[] }).items;
  return {
    model,
    cw: (...words: string[]) => home.run(words, options),
    start: (...words: string[]) => home.start(words, options),
    json: (...words: string[]) => home.json(words, options),
    sessions,
    /** Resolves when nothing waits to be distilled. */
    async distilled() {
      const waiting = async () => SystemStatus.parse(await home.json(['status'], options)).memory.waiting;
      await expect.poll(waiting, { timeout: 30_000 }).toBe(0);
    },
    [Symbol.asyncDispose]: () => model[Symbol.asyncDispose](),
  };
}

const TURN = [
  { text: 'I check.', calls: [{ op: 'shell', command: 'echo zebra-check-passed', escalate: true }] },
  { text: 'The zebras are well.' },
];

describe.each(['claude', 'codex', 'gemini', 'opencode'] as const)('the real %s of a server', (name) => {
  it(
    'is followed, and what it tells counts once, with its hooks connected and without',
    async (context) => {
      await using home = openHome();
      await using desk = await openDesk(home, name, [...TURN, ...TURN], context);
      const runIds: string[] = [];
      const remembered: number[] = [];
      for (const hooks of [false, true]) {
        if (hooks) expect(await desk.cw('connect', name)).toMatchObject({ code: 0 });
        const before = (await desk.sessions()).length;
        const prompt = hooks ? 'Once more' : 'Look at the zebras';
        const followed = await desk.cw(
          'spawn',
          '--agent',
          name,
          '--follow',
          hooks ? 'Once more' : 'Look at the zebras',
        );
        expect(followed).toMatchObject({ code: 0 });
        expect(followed.stdout).toContain('I check.');
        expect(followed.stdout).toContain('The zebras are well.');
        await desk.distilled();

        const [task] = ((await desk.json('task', 'list')) as { items: Task[] }).items;
        expect(task).toMatchObject({ status: 'completed', attempts: 1, result: { text: 'The zebras are well.' } });
        expect((await desk.cw('task', 'logs', task?.id ?? '')).stdout).toContain('The zebras are well.');
        const [agent] = ((await desk.json('agent', 'list', '--live')) as { items: Agent[] }).items;
        runIds.push(agent?.runId ?? '');
        // Its hooks of the end come with it.
        expect(await desk.cw('agent', 'stop', agent?.id ?? '')).toMatchObject({ code: 0 });

        const sessions = await desk.sessions();
        expect(sessions).toHaveLength(before + 1);
        expect(sessions[0]).toMatchObject({ id: task?.sessionId, source: name, prompts: 1 });
        const shown = (await desk.json('session', 'show', task?.sessionId ?? '')) as Shown;
        expect(shown.contexts).toHaveLength(hooks && name === 'claude' ? 1 : 0);
        expect(shown.tools).toMatchObject([{ uses: 1 }]);
        expect(shown.said.map(({ who, text }) => [who, text])).toEqual([
          ['task', prompt],
          ['agent', 'The zebras are well.'],
        ]);
        expect(shown.observations.filter(({ title }) => title.includes('zebra-check-passed'))).toHaveLength(1);
        remembered.push(shown.observations.length);
      }
      expect(remembered[1]).toBe(remembered[0]);
      for (const runId of runIds) expect(processesWith(`CW_RUN_ID=${runId}`)).toEqual([]);
    },
    TIME_LIMIT_MS,
  );
});

describe.each(['claude', 'codex'] as const)('the real %s of a server that is killed', (name) => {
  it(
    'works on, is taken over within its tool, and has one result',
    async (context) => {
      await using home = openHome();
      const command = 'echo $$ > pid; sleep 5; echo slept-well';
      const says = [{ text: 'I sleep.', calls: [{ op: 'shell', command, escalate: true }] }, { text: 'I am awake.' }];
      await using desk = await openDesk(home, name, says, context);
      const task = (await desk.json('spawn', '--agent', name, '--workspace', home.workspace, 'Sleep')) as Task;
      const tool = await pidIn(join(home.workspace, 'pid'));
      const { server } = SystemStatus.parse(await desk.json('status'));
      const [agent] = ((await desk.json('agent', 'list', '--live')) as { items: Agent[] }).items;
      process.kill(server.pid, 'SIGKILL');
      await expect.poll(() => isAlive(server.pid)).toBe(false);
      expect(isAlive(tool)).toBe(true);
      expect(await desk.cw('start')).toMatchObject({ code: 0 });

      const followed = await desk.cw('task', 'logs', '-f', task.id);
      expect(followed).toMatchObject({ code: 0 });
      expect(followed.stdout.match(/I sleep\./g)).toHaveLength(1);
      expect(followed.stdout.match(/I am awake\./g)).toHaveLength(1);
      const shown = (await desk.json('task', 'show', task.id)) as Task & { history: Attempt[] };
      expect(shown).toMatchObject({ status: 'completed', attempts: 1, result: { text: 'I am awake.' } });
      expect(shown.history).toMatchObject([{ epoch: 1, outcome: 'completed' }]);
      expect(desk.model.requests().filter((request) => !request.includes('"tools":[]'))).toHaveLength(2);
      const session = await desk.cw('session', 'show', shown.sessionId ?? '');
      expect(session.stdout).toMatch(/^tool uses +1\b/m);
      expect(await desk.sessions()).toHaveLength(1);

      expect(await desk.cw('agent', 'stop', agent?.id ?? '')).toMatchObject({ code: 0 });
      expect(processesWith(`CW_RUN_ID=${agent?.runId ?? ''}`)).toEqual([]);
    },
    TIME_LIMIT_MS,
  );
});
