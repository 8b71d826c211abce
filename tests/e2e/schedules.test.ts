import { describe, expect, it } from 'vitest';
import type { Schedule } from '../../src/domain/schedule/schedule.js';
import { openHome } from '../support/cli.js';

interface Status {
  readonly server: { readonly pid: number };
}

describe('cw schedule', () => {
  it('enqueues a task every second, goes on after a kill -9, and is paused, shown and removed', async () => {
    await using home = openHome();
    const add = ['schedule', 'add', '--every', '1s', '--agent', 'shell', '--name', 'tick', '--', 'echo', 'tock'];
    expect(await home.run(add)).toMatchObject({ code: 0, stdout: 'tick\n' });
    const watching = home.start(['watch', '--from', '0', '--type', 'schedule.fired', '--json']);
    await watching.sees('schedule.fired');
    const { server } = (await home.json(['status'])) as Status;
    process.kill(server.pid, 'SIGKILL');
    // The next command starts the next server.
    const { items } = (await home.json(['schedule', 'list'])) as { items: Schedule[] };
    expect(items).toMatchObject([{ name: 'tick', status: 'active', spec: { everyMs: 1_000 }, missed: 'once' }]);
    const [before] = items;
    const again = home.start(['watch', '--type', 'schedule.fired', '--json']);
    await again.sees('schedule.fired');
    for (const { process: command, ended } of [watching, again]) {
      command.kill('SIGINT');
      await ended;
    }
    expect(await home.run(['schedule', 'pause', 'tick'])).toMatchObject({ code: 0 });
    const shown = (await home.json(['schedule', 'show', 'tick'])) as Schedule;
    expect(shown).toMatchObject({ status: 'paused', nextAt: null, id: before?.id, lastError: null });
    const { stdout } = await home.run(['schedule', 'list']);
    expect(stdout).toMatch(
      /NAME +WHEN +ZONE +NEXT +LAST +STATE +PROMPT\ntick +every 1\.0 s +- +- +.+ +paused +echo tock/,
    );
    const { stdout: taskId } = await home.run(['schedule', 'run', 'tick']);
    expect(await home.json(['task', 'show', taskId.trim()])).toMatchObject({ prompt: 'echo tock' });
    expect(await home.run(['schedule', 'resume', 'tick'])).toMatchObject({ code: 0 });
    expect(await home.run(['schedule', 'remove', 'tick'])).toMatchObject({ code: 0 });
    expect(await home.run(['schedule', 'show', 'tick'])).toMatchObject({
      code: 3,
      stderr: 'There is no schedule tick.\n',
    });
  });

  it('says in one sentence what is wrong with a time', async () => {
    await using home = openHome();
    const refused = async (...options: string[]) => {
      const { code, stderr } = await home.run(['schedule', 'add', ...options, '--agent', 'shell', 'true']);
      expect(code).toBe(2);
      expect(stderr.trimEnd().split('\n')).toHaveLength(1);
      return stderr;
    };
    expect(await refused('--cron', 'at midnight')).toContain(
      '"at midnight" is no cron expression: it does not have five',
    );
    expect(await refused('--cron', '@daily', '--time-zone', 'Europe/Atlantis')).toContain('"Europe/Atlantis"');
    expect(await refused('--every', '0s')).toContain('An interval is from 1s to 365d');
    expect(await refused('--every', '1000000000000ms')).toContain('An interval is from 1s to 365d');
    expect(await refused()).toContain('Say when it runs');
    expect(await refused('--every', '1h', '--workspace', '/nowhere')).toContain('it does not exist');
  });
});
