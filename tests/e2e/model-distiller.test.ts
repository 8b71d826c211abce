import { EventEmitter, once } from 'node:events';
import { expect, it } from 'vitest';
import type { CliHome } from '../support/cli.js';
import { observationsIn, openDistillerHome, startDistilling, statusOf, takeTurn } from '../support/distiller-home.js';
import { openModelPeer } from '../support/model-peer.js';

const MADE = { narrative: '', facts: [], concepts: [], filesRead: [], filesModified: [] };
const GOOD = { answer: { observations: [{ ...MADE, type: 'change', title: 'Told by the model', uses: [1] }] } };
const WAIT = { timeout: 20_000, interval: 200 };

async function settled(home: CliHome): Promise<void> {
  await expect.poll(async () => (await statusOf(home)).memory.waiting, WAIT).toBe(0);
}

it('lets cw memory requeue have the model replace what rules made', async () => {
  await using peer = await openModelPeer([{ status: 401 }, GOOD]);
  await using home = openDistillerHome(peer.url);
  await startDistilling(home);
  await takeTurn(home, 1);
  await expect.poll(async () => (await statusOf(home)).memory.spend.deadLetters, WAIT).toBe(1);
  expect(await observationsIn(home)).toMatchObject([{ origin: 'rules', toolUses: ['t1'] }]);

  expect(await home.run(['memory', 'requeue'])).toMatchObject({
    code: 0,
    stdout: '1 tool uses wait for the model again.\n',
  });
  await expect
    .poll(() => observationsIn(home), WAIT)
    .toMatchObject([{ origin: 'model', title: 'Told by the model', toolUses: ['t1'] }]);
  expect((await statusOf(home)).memory.spend.deadLetters).toBe(0);
  expect(peer.bodies).toHaveLength(2);
  expect(await home.json(['memory', 'requeue'])).toEqual({ stretches: 0, toolUses: 0 });
});

it('makes nothing twice and loses nothing when kill -9 falls before or after the answer of a model', async () => {
  let pid = 0;
  const kills = new EventEmitter();
  const kill = () => {
    process.kill(pid, 'SIGKILL');
    pid = 0;
    kills.emit('kill');
  };
  // Odd calls end the server before they are answered, even ones as soon as they are.
  await using peer = await openModelPeer([GOOD], {
    asked: (call) => (pid !== 0 && call % 2 === 1 ? kill() : undefined),
    answered: (call) => (pid !== 0 && call % 2 === 0 ? kill() : undefined),
  });
  await using home = openDistillerHome(peer.url);
  for (let n = 1; n <= 4; n += 1) {
    const killed = once(kills, 'kill');
    pid = await startDistilling(home);
    await takeTurn(home, n);
    await killed;
  }
  await startDistilling(home);
  await settled(home);
  const observations = await observationsIn(home);
  expect(observations.flatMap(({ toolUses }) => toolUses).sort()).toEqual(['t1', 't2', 't3', 't4']);
  expect(observations).toHaveLength(4);
});
