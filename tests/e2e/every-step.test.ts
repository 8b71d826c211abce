import { expect, it } from 'vitest';
import { openAgentServer } from '../support/agents/agent-server.js';
import { goAtStep, STEPS, wrongAgents } from '../support/agents/every-step.js';

/*
 * The server goes while an agent is at each step of a turn, which then ends as if nothing had happened. Some 10 s
 * on an idle machine, 75 s at a load of 20; a wait that hangs ends after 40 s, and says which one it is.
 */
it('takes a turn over wherever the server is killed in it', async () => {
  await using server = await openAgentServer();
  const wrong: string[] = [];
  for (const [round, step] of STEPS.entries()) wrong.push(...(await goAtStep(server, step, 'kill', round)));
  expect([...wrong, ...(await wrongAgents(server))]).toEqual([]);
}, 240_000);

it('leaves a turn to the server that follows it, wherever it is', async () => {
  await using server = await openAgentServer();
  const wrong: string[] = [];
  for (const [round, step] of STEPS.entries()) wrong.push(...(await goAtStep(server, step, 'restart', round)));
  expect([...wrong, ...(await wrongAgents(server))]).toEqual([]);
}, 240_000);
