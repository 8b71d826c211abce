import { openHome } from '../cli.js';
import { type Proof, spread, timed } from './proof.js';

const LATER = ['spawn', '--agent', 'shell', '--delay', '1h', 'true'];

/** Commands that come while a server ends: all are served, by it or by the next one, and none is lost. */
export async function startWhileDraining(options: { commands: number; rounds: number }): Promise<Proof> {
  await using home = openHome();
  const times: number[] = [];
  const wrong: string[] = [];
  for (let round = 1; round <= options.rounds; round += 1) {
    await home.run(['start']);
    const [stopped, ...ran] = await Promise.all([
      home.run(['stop']),
      ...Array.from({ length: options.commands }, () => timed(() => home.run(LATER))),
    ]);
    // Nobody may have been there to stop when it looked, which is an answer too.
    if (stopped.code !== 0) wrong.push(`stop ended with ${String(stopped.code)}: ${stopped.stderr}`);
    for (const { value, ms } of ran) {
      times.push(ms);
      if (value.code !== 0) wrong.push(`exit ${String(value.code)}: ${value.stderr}`);
    }
    await home.run(['start']);
    const { queue } = (await home.json(['status'])) as { queue: { scheduled: number } };
    const expected = round * options.commands;
    if (queue.scheduled !== expected)
      wrong.push(`There are ${String(queue.scheduled)} tasks, not ${String(expected)}.`);
  }
  return { figures: { rounds: options.rounds, ...spread('served', times) }, wrong };
}
