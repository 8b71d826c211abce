import { setTimeout as wait } from 'node:timers/promises';
import Database from 'better-sqlite3';
import { homePaths } from '../../../src/home/home-paths.js';
import { openHome } from '../cli.js';
import { send } from '../server-request.js';

/** Sessions that tell of their tool uses at once. */
const SESSIONS = 20;
const LEAST_MS = 200;

export interface CaptureChaos {
  readonly kills: number;
  readonly acknowledged: number;
  /** Acknowledged and not there. */
  readonly lost: number;
  /** There more than once. */
  readonly doubled: number;
  /** What the database holds, which may be more than was acknowledged: some answers died with their server. */
  readonly kept: number;
}

/** Kills the server with SIGKILL at random moments while sessions post their tool uses, and counts what is there. */
export async function runCaptureChaos(options: { toolUses: number; killWithinMs: number }): Promise<CaptureChaos> {
  await using home = openHome();
  const { socket: socketPath, database: file } = homePaths(home.path);
  const acknowledged: string[] = [];
  let next = 0;
  let kills = 0;
  const isDone = () => next >= options.toolUses;
  let isUp: () => void = () => undefined;
  let up = new Promise<void>((resolve) => (isUp = resolve));

  async function tell(session: number): Promise<void> {
    for (let n = next++; n < options.toolUses; n = next++) {
      const body = JSON.stringify({
        session_id: `session-${String(session)}`,
        cwd: home.workspace,
        prompt_id: `turn-${String(Math.floor(n / 100))}`,
        tool_name: 'Bash',
        tool_use_id: `toolu_${String(n)}`,
        tool_input: { command: `echo ${String(n)}` },
        tool_response: { stdout: String(n), stderr: '' },
      });
      const headers = { 'content-type': 'application/json' };
      const request = { socketPath, method: 'POST', path: '/hooks/post-tool-use', headers, body };
      await up;
      // One that was not acknowledged is given up, as a hook's is that went to the spool.
      const status = await send(request).then(
        (answer) => answer.status,
        () => 0,
      );
      if (status === 200) acknowledged.push(`session-${String(session)} toolu_${String(n)}`);
    }
  }

  async function kill(): Promise<void> {
    while (!isDone()) {
      const server = home.start(['serve']);
      await server.sees(/listens/);
      isUp();
      // By chance on purpose: a kill that follows an event would always hit the same places.
      await wait(LEAST_MS + Math.random() * options.killWithinMs);
      up = new Promise((resolve) => (isUp = resolve));
      if (isDone()) server.process.kill('SIGTERM');
      else kills += Number(server.process.kill('SIGKILL'));
      await server.ended;
    }
    isUp();
  }

  await Promise.all([kill(), ...Array.from({ length: SESSIONS }, (_, session) => tell(session))]);
  const rows = readToolUses(file);
  const there = new Set(rows);
  return {
    kills,
    acknowledged: acknowledged.length,
    lost: acknowledged.filter((name) => !there.has(name)).length,
    doubled: rows.length - there.size,
    kept: rows.length,
  };
}

function readToolUses(file: string): string[] {
  const database = new Database(file);
  try {
    return database
      .prepare<[], string>(
        `SELECT provider_session_id || ' ' || tool_use_id FROM tool_use JOIN session ON session.id = session_id`,
      )
      .pluck()
      .all();
  } finally {
    database.close();
  }
}
