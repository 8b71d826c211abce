import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { Task } from '../../../src/domain/task/task.js';
import { homePaths } from '../../../src/home/home-paths.js';
import { appears } from '../appears.js';
import { type AgentServer, wrongReceipt } from './agent-server.js';

/** Where in its turn an agent is when the server goes: each is told by the agent itself, or by what is stored. */
export const STEPS = ['begun', 'said', 'calling', 'called', 'asked', 'answered', 'done'] as const;
export type Step = (typeof STEPS)[number];

/** How the server goes and another comes. */
type Goes = 'kill' | 'restart';

/** Longest wait for what a step needs, in milliseconds: far above what it takes under load, below the test's own time. */
const STEP_LIMIT_MS = 40_000;
/** How much of the server's log a wait that failed shows, in characters. */
const LOG_END = 6_000;

/** What becomes of the turn, whatever happens to the server; of the output's lines about tools, how they begin. */
const DUE = {
  status: 'completed',
  attempts: 1,
  history: [{ epoch: 1, outcome: 'completed' }],
  text: '[once]two\n',
  results: 1,
  toolUses: 2,
  asked: ['allowed'],
  output: ['one', '*', '  ', '*', '?', '[once]two', '  ', '  ', ''],
};

/** The turn of one round: it says in `directory` where it is, and waits there for the word to go on. */
function turnIn(directory: string): object[] {
  const stop = (step: Step) => [
    { op: 'touch', text: join(directory, step) },
    { op: 'until', text: join(directory, `after-${step}`) },
  ];
  const call = { toolCallId: 'call', title: 'bash', kind: 'execute', rawInput: { command: 'make' } };
  return [
    ...stop('begun'),
    { op: 'say', text: 'one\n' },
    ...stop('said'),
    { op: 'update', body: { sessionUpdate: 'tool_call', ...call, status: 'in_progress' } },
    ...stop('calling'),
    {
      op: 'update',
      body: { sessionUpdate: 'tool_call_update', toolCallId: 'call', status: 'completed', rawOutput: 'made' },
    },
    ...stop('called'),
    { op: 'ask', id: 'asked', text: 'touch it' },
    ...stop('answered'),
    { op: 'say', text: 'two\n' },
  ];
}

/**
 * Takes one turn of a scripted agent, during which the server goes when the agent is at `step`. Gives what is not as it
 * would be if it had never gone.
 */
export async function goAtStep(server: AgentServer, step: Step, goes: Goes, round: number): Promise<string[]> {
  const { home, client } = server;
  const directory = join(home.workspace, `round-${String(round)}`);
  mkdirSync(directory);
  const inTime = <Result>(what: string, wait: Promise<Result>) =>
    withinLimit(server, `${goes} at ${step} (round ${String(round)}): ${what}`, wait);
  const { id } = await inTime('the task is taken', server.enqueue(turnIn(directory)));

  async function reached(at: Step): Promise<void> {
    if (at === 'asked') await isAsked();
    else if (at === 'done') await server.finished(id);
    else await appears(join(directory, at));
  }

  async function goOn(at: Step): Promise<void> {
    if (at === 'done') return;
    if (at !== 'asked') {
      writeFileSync(join(directory, `after-${at}`), '');
      return;
    }
    // Asked anew after a takeover under the same id.
    await isAsked();
    const [permission] = await waitingFor(server, id);
    if (permission === undefined) throw new Error('Nothing is asked any more.');
    await client.permission.answer.mutate({ permissionId: permission.id, answer: 'allow' });
  }

  async function isAsked(): Promise<void> {
    await expect.poll(() => waitingFor(server, id), { timeout: STEP_LIMIT_MS }).toHaveLength(1);
  }

  for (const at of STEPS) {
    await inTime(`the turn is at ${at}`, reached(at));
    if (at === step) await inTime('another server is there', change(server, goes));
    await inTime(`the turn goes on from ${at}`, goOn(at));
  }
  return (await inTime('the task is looked at', wrongTask(server, id))).map((what) => `${goes} at ${step}: ${what}`);
}

/** The result of this wait; rejects with what was waited for, and the end of the server's log, when it takes too long. */
async function withinLimit<Result>({ home }: AgentServer, what: string, wait: Promise<Result>): Promise<Result> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      const log = readFileSync(homePaths(home.path).serverLog, 'utf8').slice(-LOG_END);
      reject(new Error(`${what}: not within ${String(STEP_LIMIT_MS)} ms. The log ends with:\n${log}`));
    }, STEP_LIMIT_MS);
  });
  try {
    return await Promise.race([wait, late]);
  } finally {
    clearTimeout(timer);
  }
}

async function change(server: AgentServer, goes: Goes): Promise<void> {
  if (goes === 'kill') {
    await server.kill();
    await server.start();
    return;
  }
  await server.home.json(['restart']);
}

async function waitingFor({ client }: AgentServer, taskId: Task['id']) {
  return (await client.permission.list.query({ taskId, status: 'waiting' })).items;
}

/** What is wrong with how the task ended: it has one attempt and one result, and everything that was told is there once. */
async function wrongTask({ client, home }: AgentServer, taskId: Task['id']): Promise<string[]> {
  const task = await client.task.get.query({ taskId });
  const { attempts: history } = await client.task.result.query({ taskId });
  const { items: asked } = await client.permission.list.query({ taskId });
  const types = ['task.completed', 'tooluse.captured'];
  const { items: events } = await client.event.list.query({ types, limit: 100 });
  const output = readFileSync(join(home.path, 'runs', `${taskId}-1`, 'output.log'), 'utf8');
  const found = {
    status: task.status,
    attempts: task.attempts,
    history: history.map(({ epoch, outcome }) => ({ epoch, outcome })),
    text: task.result?.text,
    results: events.filter(({ type, taskId: of }) => type === 'task.completed' && of === taskId).length,
    toolUses: events.filter(({ type, sessionId }) => type === 'tooluse.captured' && sessionId === task.sessionId)
      .length,
    asked: asked.map(({ status }) => status),
    output: output.split('\n').map((line) => line.replace(/^([*?]| {2}).*/, '$1')),
  };
  return Object.entries(DUE)
    .filter(([key, due]) => JSON.stringify(found[key as keyof typeof found]) !== JSON.stringify(due))
    .map(([key, due]) => `${key} is ${JSON.stringify(found[key as keyof typeof found])}, not ${JSON.stringify(due)}`);
}

/** Ends the agents at rest, of which there is to be one: it has worked through all of it. Gives what is wrong with that. */
export async function wrongAgents(server: AgentServer): Promise<string[]> {
  const live = async () => (await server.client.agent.list.query({ live: true })).items;
  // A task ends a moment before its agent is free.
  const areIdle = async () => (await live()).every(({ status }) => status === 'idle');
  await expect.poll(areIdle, { timeout: STEP_LIMIT_MS }).toBe(true);
  const all = (await server.client.agent.list.query({})).items;
  const wrong = all.length === 1 ? [] : [`There were ${String(all.length)} agents.`];
  for (const { id } of await live()) wrong.push(...(await wrongReceipt(server, id)));
  return wrong;
}
