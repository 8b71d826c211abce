import { setTimeout as wait } from 'node:timers/promises';
import { openHome, processesWith } from '../cli.js';
import { type Proof, timed } from './proof.js';

/** Every way to need a server, or to act on one. */
const COMMANDS = [
  ['start'],
  ['restart'],
  ['status'],
  ['stop'],
  ['stop', '--now'],
  ['spawn', '--agent', 'shell', 'true'],
  ['task', 'list'],
  ['watch'],
  ['doctor'],
];

/** Within this time a command says so, in milliseconds. */
const MOST_MS = 15_000;

/** A server that is suspended: every command says so instead of waiting for it, none starts another one or ends it. */
export async function meetFrozenServer({ frozenMs }: { frozenMs: number }): Promise<Proof> {
  await using home = openHome();
  const { server } = (await home.json(['start'])) as { server: { pid: number; instanceId: string } };
  const thaw = wait(frozenMs);
  process.kill(server.pid, 'SIGSTOP');
  const wrong: string[] = [];
  const figures: Record<string, number> = {};
  try {
    await Promise.all(
      COMMANDS.map(async (args) => {
        const { value: ran, ms } = await timed(() => home.run(args));
        figures[args.join(' ')] = Math.round(ms);
        if (ran.code !== 1) wrong.push(`cw ${args.join(' ')} ended with ${String(ran.code)}.`);
        const said = ran.stdout + ran.stderr;
        const isSaid = said.includes('has not answered') && said.includes(`process ${String(server.pid)}`);
        if (!isSaid) wrong.push(`cw ${args.join(' ')} said: ${said}`);
        if (ms > MOST_MS) wrong.push(`cw ${args.join(' ')} took ${String(Math.round(ms))} ms.`);
      }),
    );
    await thaw;
    const processes = processesWith(`CW_HOME=${home.path}`);
    if (processes.join() !== String(server.pid)) wrong.push(`Processes ${processes.join()} run.`);
  } finally {
    process.kill(server.pid, 'SIGCONT');
  }
  const { server: after } = (await home.json(['status'])) as { server: { instanceId: string } | null };
  if (after?.instanceId !== server.instanceId) wrong.push('Another server answers afterwards.');
  return { figures, wrong };
}
