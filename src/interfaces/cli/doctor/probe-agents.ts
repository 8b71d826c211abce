import type { AgentProbe } from '../../../domain/agent/agent-probe.js';
import type { Context } from '../context.js';
import { createLiveLine } from '../output/live-line.js';
import { formatDuration } from '../output/times.js';
import { connect } from '../server/connect.js';
import { type Check, fail, ok } from './check.js';

/** Longest wait for one of the answers, in milliseconds: two agents are probed at once, each for a minute and its end. */
const PROBE_TIMEOUT_MS = 900_000;

/** Probes these profiles, or all, at the server, which is started if none runs. */
export async function probeAgents(context: Context, names: readonly string[] | null): Promise<AgentProbe[]> {
  await using client = await connect(context, { timeoutMs: PROBE_TIMEOUT_MS });
  const profiles = names ?? (await client.agent.profiles.query()).map(({ name }) => name);
  const line = createLiveLine(context);
  const waiting = new Set(profiles);
  line.show(() => `probing ${[...waiting].join(', ')}…`);
  try {
    return await Promise.all(
      [...waiting].map(async (profile) => {
        const probe = await client.agent.probe.mutate({ profile });
        waiting.delete(profile);
        return probe;
      }),
    );
  } finally {
    line.clear();
  }
}

/** A probe as a line among the others. */
export function checkOfProbe({ profile, outcome, version, recorded, differences, ...probe }: AgentProbe): Check {
  const name = `probe ${profile}`;
  const which = version === null ? '' : `Version ${version}. `;
  if (outcome === 'not_run') return ok(name, `Not run. ${probe.message}`);
  if (outcome === 'ok') return ok(name, `${which}${probe.message} (${formatDuration(probe.durationMs)})`);
  const advice = `Expect trouble with it; version ${recorded ?? ''} is known to work.`;
  return fail(name, `${which}${differences.join(' ')}`, advice);
}
