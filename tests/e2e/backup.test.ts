import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { createClient } from '../../src/interfaces/client/client.js';
import { openHome } from '../support/cli.js';
import { damageTable } from '../support/damage.js';

interface Taken {
  readonly file: string;
  readonly bytes: number;
  readonly position: number;
  readonly tookMs: number;
}

const SHELL = ['spawn', '--agent', 'shell', '--wait'];

describe('cw backup', () => {
  it('copies the database in use to a new private file that needs no other, and says what is in it', async () => {
    await using home = openHome();
    await home.run([...SHELL, 'true']);
    const file = join(home.workspace, 'copy.db');
    const taken = (await home.json(['backup', 'copy.db'])) as Taken;
    expect(taken).toEqual({
      file,
      bytes: statSync(file).size,
      position: expect.any(Number) as number,
      tookMs: expect.any(Number) as number,
    });
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readdirSync(home.workspace)).toEqual(['copy.db']);
    const events = lookInto(file);
    expect(events.last).toBe(taken.position);
    expect(events.types.slice(0, 1)).toEqual(['server.started']);
    expect(events.types).toContain('task.completed');
  });

  it('never overwrites, and makes no directories', async () => {
    await using home = openHome();
    const file = join(home.workspace, 'mine.db');
    writeFileSync(file, 'mine');
    const refused = await home.run(['backup', file]);
    expect(refused).toMatchObject({
      code: 4,
      stdout: '',
      stderr: `${file} exists already; name a new file for the backup.\n`,
    });
    expect(readFileSync(file, 'utf8')).toBe('mine');
    const nowhere = await home.run(['backup', join(home.workspace, 'no', 'where.db')]);
    expect(nowhere).toMatchObject({ code: 2, stderr: `There is no directory ${join(home.workspace, 'no')}.\n` });
    expect(readdirSync(home.workspace)).toEqual(['mine.db']);
  });

  it('chooses a name in the data directory, and keeps the ten newest there', async () => {
    await using home = openHome();
    const old = Array.from({ length: 12 }, (_, n) => `cw-20200101-0000${String(n).padStart(2, '0')}-000.db`);
    await home.run(['start']);
    const backups = join(home.path, 'backups');
    for (const name of old) writeFileSync(join(backups, name), '');
    writeFileSync(join(backups, 'mine.db'), '');
    const ran = await home.run(['backup']);
    expect(ran.stdout).toMatch(
      /^Backed up to .*\/backups\/cw-\d{8}-\d{6}-\d{3}\.db: [\d.]+ kB, \d+ events, checked, in .*\.\n$/,
    );
    const [newest, ...kept] = readdirSync(backups)
      .sort()
      .reverse()
      .filter((name) => name !== 'mine.db');
    expect(ran.stdout).toContain(newest);
    expect(kept).toEqual(old.slice(3).reverse());
    expect(readdirSync(backups)).toContain('mine.db');
  });

  it('is one moment of the database, however many write meanwhile', async () => {
    await using home = openHome();
    await home.run(['start']);
    await home.run(['queue', 'pause']);
    await using client = createClient({ socketPath: join(home.path, 'cw.sock') });
    let isDone = false;
    let written = 0;
    const writers = Array.from({ length: 32 }, async (_, writer) => {
      while (!isDone) {
        await client.task.enqueue.mutate({ prompt: `true ${writer}`, workspace: home.workspace, agent: 'shell' });
        written += 1;
      }
    });
    const taken: Taken[] = [];
    for (let n = 0; n < 5; n += 1) taken.push((await home.json(['backup', `copy-${n}.db`])) as Taken);
    isDone = true;
    await Promise.all(writers);
    expect(written).toBeGreaterThan(100);
    for (const { file, position } of taken) {
      const { last, types, tasks, check } = lookInto(file);
      expect(check).toBe('ok');
      expect(last).toBe(position);
      expect(types.filter((type) => type === 'task.enqueued').length).toBe(tasks);
    }
    expect(taken.map(({ position }) => position)).toEqual(
      taken.map(({ position }) => position).toSorted((a, b) => a - b),
    );
  });
});

describe('a database that is damaged in the middle', () => {
  it('is found by the check after the start, and status and doctor say what to do', async () => {
    await using home = openHome();
    for (let n = 0; n < 3; n += 1) await home.run([...SHELL, 'true']);
    await home.run(['stop']);
    damageTable(join(home.path, 'cw.db'), 'event');
    rmSync(join(home.path, 'database-check.json'));
    const serve = home.start(['serve']);
    await serve.sees('listens');
    const log = join(home.path, 'logs', 'server.log');
    await expect.poll(() => readFileSync(log, 'utf8'), { timeout: 20_000 }).toContain('a service has a lasting fault');

    const database = join(home.path, 'cw.db');
    const problem = expect.stringContaining(`${database} is damaged (`) as string;
    const { server } = (await home.json(['status'])) as { server: { services: object[] } };
    expect(server.services).toContainEqual(expect.objectContaining({ name: 'storage', state: 'degraded', problem }));
    expect((await home.run(['status'])).stdout).toMatch(/storage: degraded \(.*cw\.db is damaged .*"cw restore"\.\)/);
    const doctor = await home.run(['doctor']);
    expect(doctor.code).toBe(1);
    expect(doctor.stdout).toMatch(/FAIL\s+database\s+.*cw\.db is damaged[^]*cw restore FILE/);
    expect(await home.run(['backup'])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('No backup was made') as string,
    });
    expect(readdirSync(join(home.path, 'backups'))).toEqual([]);

    await home.run(['stop']);
    const later = await home.run(['doctor']);
    expect(later.stdout).toMatch(/FAIL\s+database\s+.*cw\.db is damaged/);
  });

  it('is not looked for again within a day, nor in a new database', async () => {
    await using home = openHome();
    await home.run(['start']);
    await home.run(['stop']);
    damageTable(join(home.path, 'cw.db'), 'event');
    await home.run(['start']);
    const { server } = (await home.json(['status'])) as { server: { services: object[] } };
    expect(server.services).toContainEqual(expect.objectContaining({ name: 'storage', state: 'ready', problem: null }));
  });
});

/** What stands in a copy. */
function lookInto(file: string) {
  const database = new Database(file, { readonly: true });
  try {
    return {
      last: database.prepare<[], number>('SELECT max(position) FROM event').pluck().get(),
      types: database.prepare<[], string>('SELECT type FROM event ORDER BY position').pluck().all(),
      tasks: database.prepare<[], number>('SELECT count(*) FROM task').pluck().get(),
      check: database.pragma('quick_check', { simple: true }),
    };
  } finally {
    database.close();
  }
}
