import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type CliHome, openHome } from '../support/cli.js';
import { damageTable } from '../support/damage.js';

const SHELL = ['spawn', '--agent', 'shell', '--wait', '--json'];

/** A home with three finished tasks and a backup of the first two, whose server was killed: what is new is in the log. */
async function killedHome(home: CliHome) {
  const server = home.start(['serve']);
  await server.sees('listens');
  for (const n of [1, 2]) await home.run([...SHELL, `true ${n}`]);
  const { file: backup } = (await home.json(['backup'])) as { file: string };
  await home.run([...SHELL, 'true 3']);
  server.process.kill('SIGKILL');
  await server.ended;
  return { backup, database: join(home.path, 'cw.db') };
}

async function tasksOf(home: CliHome): Promise<string[]> {
  const { items } = (await home.json(['task', 'list'])) as { items: { prompt: string }[] };
  return items.map(({ prompt }) => prompt).sort();
}

const asides = (home: CliHome, word: string) => readdirSync(home.path).filter((name) => name.startsWith(`${word}-`));

/** Byte for byte, without the index, which SQLite makes anew. */
const contents = (directory: string) =>
  ['cw.db', 'cw.db-wal']
    .map((name) => join(directory, name))
    .map((file) => (existsSync(file) ? readFileSync(file) : Buffer.alloc(0)));

const DAMAGES: readonly (readonly [name: string, damage: (database: string) => void, says: RegExp])[] = [
  [
    'its log is damaged in the middle',
    (file) => flip(`${file}-wal`, 0.5),
    /has lost what was committed \(its last event is \d+ of \d+\)/,
  ],
  ['its log is damaged at its start', (file) => flip(`${file}-wal`, 0), /has lost what was committed/],
  ['its log is gone', (file) => rmSync(`${file}-wal`), /has lost what was committed|is empty/],
  [
    'its log is cut off',
    (file) => truncateSync(`${file}-wal`, statSync(`${file}-wal`).size / 2),
    /has lost what was committed/,
  ],
  [
    'its header is overwritten',
    (file) => writeFileSync(file, Buffer.alloc(100, 0x2e), { flag: 'r+' }),
    /is not a database/,
  ],
  ['it is empty', (file) => truncateSync(file, 0), /is empty/],
  ['it is another file', (file) => writeFileSync(file, 'This is no database.\n'.repeat(1_000)), /is not a database/],
];

describe('after a kill, a database', () => {
  it('that is whole starts, with everything that was acknowledged', async () => {
    await using home = openHome();
    await killedHome(home);
    expect(await tasksOf(home)).toEqual(['true 1', 'true 2', 'true 3']);
    expect(asides(home, 'damaged')).toEqual([]);
  });

  it.each(DAMAGES)(
    'is refused when %s: nothing is changed, it is copied aside, and a backup is named',
    async (_, damage, says) => {
      await using home = openHome();
      const { backup, database } = await killedHome(home);
      damage(database);
      const before = contents(home.path);
      const refused = await home.run(['serve']);
      expect(refused).toMatchObject({ code: 78, stdout: '' });
      expect(refused.stderr).toMatch(says);
      expect(refused.stderr.trim().split('\n')).toHaveLength(1);
      const [aside = '', ...more] = asides(home, 'damaged');
      expect(refused.stderr).toContain(
        `its files were copied to ${join(home.path, aside)}, and go back to the newest backup with "cw restore ${backup}".`,
      );
      expect(more).toEqual([]);
      expect(contents(home.path)).toEqual(before);
      expect(contents(join(home.path, aside))).toEqual(before);
      expect(statSync(join(home.path, aside)).mode & 0o777).toBe(0o700);

      // Once more: the same, and no second copy.
      expect(await home.run(['serve'])).toMatchObject({ code: 78, stderr: refused.stderr });
      expect(asides(home, 'damaged')).toEqual([aside]);

      const restored = (await home.json(['restore', backup])) as { kept: string };
      expect(contents(restored.kept)).toEqual(before);
      expect(await tasksOf(home)).toEqual(['true 1', 'true 2']);
      await home.run([...SHELL, 'true 4']);
      expect(await tasksOf(home)).toEqual(['true 1', 'true 2', 'true 4']);
    },
  );

  it('that was stopped in order and is cut off is refused', async () => {
    await using home = openHome();
    const { database } = await killedHome(home);
    await home.run(['start']);
    await home.run(['stop']);
    truncateSync(database, statSync(database).size / 2);
    const refused = await home.run(['serve']);
    expect(refused.code).toBe(78);
    expect(refused.stderr).toMatch(/is damaged \(.*\); its files were copied to .*cw restore/);
  });

  it('is new when the old one was moved away, and what that left is kept', async () => {
    await using home = openHome();
    const { database } = await killedHome(home);
    const log = readFileSync(`${database}-wal`);
    renameSync(database, join(home.workspace, 'cw.db'));
    expect(await tasksOf(home)).toEqual([]);
    const [left = ''] = asides(home, 'left');
    expect(readFileSync(join(home.path, left, 'cw.db-wal'))).toEqual(log);
    expect(readFileSync(join(home.path, 'logs', 'server.log'), 'utf8')).toContain(
      'the database is gone; a new one is made',
    );
    await home.run(['stop']);
    expect(await tasksOf(home)).toEqual([]);
  });

  it('without a backup can be used as far as it goes', async () => {
    await using home = openHome();
    const { backup, database } = await killedHome(home);
    rmSync(backup);
    flip(`${database}-wal`, 0.7);
    const refused = await home.run(['start']);
    expect(refused.code).toBe(78);
    const [, rest = ''] =
      /there is no backup, so use what is left of it with "cw restore ([^"]+)"/.exec(refused.stderr) ?? [];
    expect((await home.run(['restore', rest])).code).toBe(0);
    expect(['true 1', 'true 2', 'true 3']).toEqual(expect.arrayContaining(await tasksOf(home)));
  });
});

describe('cw restore', () => {
  it('is refused while a server runs', async () => {
    await using home = openHome();
    await home.run(['start']);
    const { file } = (await home.json(['backup'])) as { file: string };
    const refused = await home.run(['restore', file]);
    expect(refused).toMatchObject({
      code: 75,
      stderr: `A server runs for ${home.path}; stop it with "cw stop", and try again.\n`,
    });
  });

  it('works in a home that has no database yet', async () => {
    await using home = openHome();
    await home.run([...SHELL, 'true 1']);
    await home.run(['backup', 'copy.db']);
    await using other = openHome();
    const file = join(home.workspace, 'copy.db');
    expect(await other.json(['restore', file])).toMatchObject({ restored: true, file, kept: null });
    expect(await tasksOf(other)).toEqual(['true 1']);
  });

  it.each([
    ['nothing', () => undefined, 3, /There is no file/],
    [
      'a directory',
      (file: string) => {
        mkdirSync(file);
      },
      3,
      /There is no file/,
    ],
    [
      'text',
      (file: string) => {
        writeFileSync(file, 'text '.repeat(100));
      },
      78,
      /is not a database; name a backup\./,
    ],
  ])('refuses %s, and changes nothing', async (_, make, code, says) => {
    await using home = openHome();
    await home.run([...SHELL, 'true 1']);
    await home.run(['stop']);
    const before = contents(home.path);
    make(join(home.workspace, 'given'));
    const refused = await home.run(['restore', 'given']);
    expect(refused.code).toBe(code);
    expect(refused.stderr).toMatch(says);
    expect(contents(home.path)).toEqual(before);
  });

  it('refuses a backup that is damaged', async () => {
    await using home = openHome();
    for (const n of [1, 2, 3]) await home.run([...SHELL, `true ${n}`]);
    await home.run(['backup', 'copy.db']);
    await home.run(['stop']);
    damageTable(join(home.workspace, 'copy.db'), 'event');
    const before = contents(home.path);
    const refused = await home.run(['restore', 'copy.db']);
    expect(refused.code).toBe(78);
    expect(refused.stderr).toMatch(/copy\.db (is damaged|cannot be used) \(.*\); name another backup\./);
    expect(contents(home.path)).toEqual(before);
  });
});

/** Turns some bytes over, at this part of the file. */
function flip(file: string, part: number): void {
  const bytes = readFileSync(file);
  const start = Math.floor(bytes.length * part);
  for (let at = start; at < start + 16; at += 1) bytes[at] = ~(bytes[at] ?? 0) & 0xff;
  writeFileSync(file, bytes);
}
