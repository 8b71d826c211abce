import { expect, it, type TestContext } from 'vitest';
import { startCold } from '../support/life/cold-start.js';
import { runOutOfDescriptors } from '../support/life/descriptors.js';
import { meetFrozenServer } from '../support/life/frozen.js';
import { stopWhileBusy } from '../support/life/graceful.js';
import { callWhileKilled } from '../support/life/killing.js';
import { startByCalls } from '../support/life/starters.js';
import { upgradeAtOnce } from '../support/life/upgrade.js';

// The short forms of `npm run life`, which prints figures; here only what must not be counts.

it('starts one server for 200 starters at once, and serves them all', async () => {
  expect(await startByCalls({ atOnce: 200, processes: 2, rounds: 1 })).toMatchObject({ wrong: [] });
});

it('is replaced once by newer and older commands at once, and streams go on with nothing missing', async () => {
  expect(await upgradeAtOnce({ newer: 6, older: 2, rounds: 1 })).toMatchObject({ wrong: [] });
});

it('serves every call once, however often it is killed', async () => {
  const { figures, wrong } = await callWhileKilled({ calls: 40, clients: 4 });
  expect(wrong).toEqual([]);
  expect(figures['kills']).toBeGreaterThan(2);
});

it('is neither waited for nor ended nor doubled while it is suspended, and every command says so', async (context) => {
  needsLinux(context);
  expect(await meetFrozenServer({ frozenMs: 1_000 })).toMatchObject({ wrong: [] });
});

it('stays idle and serves again when more clients came than files may be open', async (context) => {
  needsLinux(context);
  expect(await runOutOfDescriptors({ limit: 128, connections: 300 })).toMatchObject({ wrong: [] });
});

it('ends in order while streams are open, a call never ends and an agent does not want to go', async () => {
  expect(await stopWhileBusy()).toMatchObject({ wrong: [] });
});

it('starts on what a dead server left among many rows, and takes its tasks back once', async (context) => {
  needsLinux(context);
  expect(await startCold({ rows: 20_000, starts: 2 })).toMatchObject({ wrong: [] });
});

function needsLinux({ skip }: TestContext): void {
  if (process.platform !== 'linux') skip('needs /proc');
}
