import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import type { Task } from '../../../src/domain/task/task.js';
import { createClient } from '../../../src/interfaces/client/client.js';
import { type CliHome, openHome, processesWith } from '../cli.js';
import { isAlive } from './bystander.js';

const ACP_AGENT = fileURLToPath(new URL('scripted/acp-agent.mjs', import.meta.url));

export type Client = ReturnType<typeof createClient>;

/** A home whose server runs scripted agents: of the profile `scripted`, which do what their prompts say, and others. */
export interface AgentServer extends AsyncDisposable {
  readonly home: CliHome;
  readonly client: Client;
  /** Kills the server with -9, and resolves when it is gone. */
  kill(): Promise<void>;
  start(): Promise<void>;
  /** Hands in a task for a scripted agent, whose turn does this. */
  enqueue(ops: readonly object[], agent?: string): Promise<Task>;
  /** Resolves with the task once it has finished, through any number of servers. */
  finished(taskId: Task['id']): Promise<Task>;
}

/** `settings` are those of the server beside its agents. */
export async function openAgentServer(agents: object = {}, settings: object = {}): Promise<AgentServer> {
  const home = openHome();
  const scripted = { protocol: 'acp', command: process.execPath, args: [ACP_AGENT, JSON.stringify({ turns: [] })] };
  mkdirSync(home.path, { mode: 0o700 });
  const config = { ...settings, agents: { scripted, ...agents } };
  writeFileSync(join(home.path, 'config.json'), JSON.stringify(config), { mode: 0o600 });
  const client = createClient({ home: home.path });

  async function start(): Promise<void> {
    const ran = await home.run(['start']);
    if (ran.code !== 0) throw new Error(`cw start ended with ${String(ran.code)}: ${ran.stderr}`);
  }
  await start();

  return {
    home,
    client,
    start,
    async kill() {
      const { pid } = await client.system.health.query();
      process.kill(pid, 'SIGKILL');
      await expect.poll(() => isAlive(pid), { interval: 5 }).toBe(false);
    },
    enqueue: (ops, agent = 'scripted') =>
      client.task.enqueue.mutate({ agent, prompt: JSON.stringify(ops), workspace: home.workspace }),
    async finished(taskId) {
      await new Promise<void>((resolve, reject) => {
        const onError = (error: unknown) => reject(error instanceof Error ? error : new Error(String(error)));
        client.task.onUpdate.subscribe({ taskId }, { onComplete: resolve, onError });
      });
      return client.task.get.query({ taskId });
    },
    async [Symbol.asyncDispose]() {
      await client.close();
      await home[Symbol.asyncDispose]();
    },
  };
}

/** What differs between the receipt of an agent's stop and what /proc shows before and after it. */
export async function wrongReceipt({ home, client }: AgentServer, agentId: string): Promise<string[]> {
  const { runId } = await client.agent.get.query({ agentId: agentId as `agent_${string}` });
  const before = processesWith(`CW_RUN_ID=${runId}`);
  const receipt = (await home.json(['agent', 'stop', agentId])) as { ended: number; left: number };
  const after = processesWith(`CW_RUN_ID=${runId}`);
  if (receipt.ended === before.length && receipt.left === 0 && after.length === 0) return [];
  return [
    `${agentId}: ${JSON.stringify(receipt)}, with ${String(before.length)} before and ${String(after.length)} after.`,
  ];
}
