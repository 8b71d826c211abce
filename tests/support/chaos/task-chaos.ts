import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Event } from '../../../src/domain/event/event.js';
import type { TaskId } from '../../../src/domain/shared/id.js';
import { openChaosHome, wrongEnd } from './chaos-home.js';

/** What the agents do: some quick, some slow, some with a child in a session of its own. */
const PROMPTS = ['true', 'sleep 0.05', 'sleep 0.2', 'setsid sleep 60 & sleep 0.1'];

export interface ChaosOptions {
  readonly tasks: number;
  /** Longest time between two kills, in milliseconds; each is a random part of it. */
  readonly killWithinMs: number;
}

export interface ChaosReport {
  readonly acknowledged: number;
  readonly kills: number;
  /** Tasks that did not end in exactly one `task.completed`, with how they did end. */
  readonly wrong: readonly string[];
  /** Attempts that were cut off and did not count. */
  readonly interruptions: number;
  /** Attempts that a server went on with which had not begun them. */
  readonly takenOver: number;
  /** Attempts whose command line ran more than once, and tasks whose last one did not run to its end once. */
  readonly misrun: readonly string[];
  /** Processes of agents that were left at the end. */
  readonly strays: number;
}

/**
 * Kills the server with SIGKILL at random moments while it takes in and runs tasks, starting it again each time, until
 * every task that it acknowledged has ended.
 */
export async function runChaos({ tasks, killWithinMs }: ChaosOptions): Promise<ChaosReport> {
  await using home = await openChaosHome(8);
  const { client, path } = home;
  const effects = join(path, 'effects');
  const acknowledged: TaskId[] = [];
  let settled = false;

  async function enqueueAll(): Promise<void> {
    for (let n = 0; n < tasks; n += 1) {
      // The begin and the end of each run leave a line: what ran twice, or never, is seen.
      const work = PROMPTS[n % PROMPTS.length] ?? 'true';
      const prompt = `echo begin ${String(n)} >> ${effects}; ${work}; echo end ${String(n)} >> ${effects}`;
      // The key keeps an answer that was lost from becoming a second task.
      const asked = { agent: 'shell', prompt, workspace: path, unique: String(n), maxAttempts: 1 };
      acknowledged.push((await home.ask(() => client.task.enqueue.mutate(asked))).id);
    }
  }

  await home.start();
  const killing = home.killUntil(
    () => settled,
    () => Math.random() * killWithinMs,
  );
  // Awaited below; until then its failure must not end the process.
  killing.catch(() => undefined);
  try {
    await enqueueAll();
    await Promise.all(acknowledged.map((id) => home.untilFinished(id)));
  } finally {
    settled = true;
    // A start that is under way would bring a server back after the stop.
    await killing.catch(() => undefined);
  }
  const kills = await killing;
  await home.start();
  const events = await home.events();
  return {
    acknowledged: acknowledged.length,
    kills,
    wrong: acknowledged.flatMap((id) => wrongEnd(id, events)),
    misrun: misrunIn(await readFile(effects, 'utf8'), acknowledged, events),
    takenOver: await home.takenOver(),
    interruptions: events.filter(({ type }) => type === 'task.interrupted').length,
    strays: home.strays(),
  };
}

/** A task's n-th begin is that of its n-th attempt at most; only the last one, which completes it, ends, and once. */
function misrunIn(effects: string, ids: readonly string[], events: readonly Event[]): string[] {
  const lines = effects.split('\n');
  return ids.flatMap((id, n) => {
    const count = (word: string) => lines.filter((line) => line === `${word} ${String(n)}`).length;
    const attempts = events.filter(({ type, taskId }) => type === 'task.started' && taskId === id).length;
    const [begins, ends] = [count('begin'), count('end')];
    if (begins >= 1 && begins <= attempts && ends >= 1 && ends <= begins) return [];
    return [`${id}: ${String(attempts)} attempts, ${String(begins)} begins, ${String(ends)} ends`];
  });
}
