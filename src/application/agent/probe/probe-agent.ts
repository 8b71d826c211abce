import { z } from 'zod';
import { type AgentKind, agentKindOf } from '../../../domain/agent/agent-kind.js';
import type { AgentProbe } from '../../../domain/agent/agent-probe.js';
import type { ListedProfile } from '../../../domain/agent/agent-profile.js';
import { messageOf } from '../../../domain/shared/thrown.js';
import { ProfileName } from '../../../domain/task/task.js';
import type { Dependencies } from '../../dependencies.js';
import type { RunningAgent, Turn } from '../../ports/agent-runtime.js';
import type { AgentUpdate } from '../../ports/agent-update.js';
import type { NewRunId } from '../../ports/ids.js';
import type { OpenProbeStage, ProbeStage } from '../../ports/probe-stage.js';
import type { Stopwatch } from '../../ports/stopwatch.js';
import type { Trials } from '../trials.js';
import { compareTurn } from './compare-turn.js';
import { RECORDED_TURNS } from './recorded-turns.js';

/** Longest turn of a probe, in milliseconds: real agents take 2,000 to 8,000, and 25,000 on a machine that is busy. */
const PROBE_TIMEOUT_MS = 90_000;
/** Updates of one probe that are looked at; a good one has some twenty. */
const MAX_UPDATES = 10_000;
const PROMPT = 'Run the command that you were told, then say that it is done.';

export const ProbeAgent = z.strictObject({ profile: ProfileName });
export type ProbeAgent = z.infer<typeof ProbeAgent>;

interface Needs extends Pick<Dependencies, 'profiles' | 'newId'> {
  readonly newRunId: NewRunId;
  readonly openProbeStage: OpenProbeStage;
  readonly stopwatch: Pick<Stopwatch, 'elapsed'>;
  readonly trials: Trials;
  /** Longest turn, in milliseconds. */
  readonly probeTimeoutMs?: number;
}

/**
 * Lets a profile's agent take one turn with a scripted model, in an empty home, and compares what it tells with what was
 * recorded, so that a version that speaks in another way is seen before a real run. Throws `invalid_input` for an unknown
 * profile; whatever the agent does is told by the answer.
 */
export function createProbeAgent({ probeTimeoutMs: timeoutMs = PROBE_TIMEOUT_MS, ...needs }: Needs) {
  return async ({ profile: name }: ProbeAgent): Promise<AgentProbe> => {
    const listed = await needs.profiles.look(name);
    const kind = listed.command === null ? null : kindOf(listed, listed.command);
    const why = listed.problem ?? (kind === null ? noRecipe(listed) : null);
    if (kind === null || why !== null) return notRun(listed, why ?? '');
    return needs.trials.run((signal) => probe(listed, kind, signal));
  };

  async function probe(listed: ListedProfile, kind: AgentKind, signal: AbortSignal): Promise<AgentProbe> {
    const begun = needs.stopwatch.elapsed();
    const recorded = RECORDED_TURNS[kind];
    await using stage = await needs.openProbeStage(await needs.profiles.get(listed.name), kind);
    const { updates, receipt, fault } = await play(stage, signal);
    const asked = stage.asked() === 0 ? ['It did not ask its model.'] : [];
    const ran = (await stage.ran()) ? [] : ['It did not run its command.'];
    const left = receipt.left > 0 ? ['Not all that it started could be ended.'] : [];
    const differences = [...(fault ?? compareTurn(updates, recorded, stage.script)), ...asked, ...ran, ...left];
    const told = updates.flatMap((update) => (update.type === 'session' ? [update.agentVersion] : [])).at(-1);
    const version = told ?? listed.version;
    return {
      profile: listed.name,
      outcome: differences.length === 0 ? 'ok' : 'changed',
      version,
      recorded: recorded.version,
      message: differences[0] ?? `It speaks as was recorded with version ${recorded.version}.`,
      differences,
      durationMs: Math.round(needs.stopwatch.elapsed() - begun),
      receipt,
    };
  }

  async function play(stage: ProbeStage, signal: AbortSignal) {
    const start = { agentId: needs.newId('agent'), profile: stage.profile, runId: needs.newRunId(), signal };
    let agent: RunningAgent;
    try {
      agent = await stage.runtime.start(start);
    } catch (error) {
      return { updates: [], receipt: NOTHING, fault: [messageOf(error)] };
    }
    const updates: AgentUpdate[] = [];
    try {
      for await (const update of agent.prompt(turnIn(stage, signal))) {
        if (updates.length < MAX_UPDATES || update.type === 'turn_end') updates.push(update);
        if (update.type === 'permission') await agent.answer?.(update.request.requestId, ALLOWED);
      }
    } finally {
      await agent.stop();
    }
    const last = updates.at(-1);
    const end = last?.type === 'turn_end' ? last.end.receipt : NOTHING;
    const stop = await agent.stop();
    return { updates, receipt: { ended: end.ended + stop.ended, left: end.left + stop.left }, fault: null };
  }

  function turnIn({ workspace }: ProbeStage, signal: AbortSignal): Turn {
    const conversation = {
      sessionId: needs.newId('session'),
      providerSessionId: null,
      handOver: () => Promise.resolve(''),
    };
    return { prompt: PROMPT, workspace, attempt: 'probe-1', timeoutMs, conversation, signal };
  }
}

const NOTHING = { ended: 0, left: 0 };
const ALLOWED = { behavior: 'allow', always: false } as const;

/** Which agent it is, if we know how to tell it where its model is: by its protocol, or by its program's name. */
function kindOf({ protocol }: ListedProfile, command: string): AgentKind | null {
  if (protocol === 'claude' || protocol === 'codex') return protocol;
  const kind = protocol === 'acp' ? agentKindOf(command) : null;
  return kind === 'gemini' || kind === 'opencode' ? kind : null;
}

function noRecipe({ protocol, command }: ListedProfile): string {
  if (protocol !== 'acp') return `An agent of the protocol ${protocol} has no model that it could be probed with.`;
  return `There is no recipe for ${JSON.stringify(command)}: it is not known how it is told where its model is.`;
}

function notRun({ name, version }: ListedProfile, message: string): AgentProbe {
  return {
    ...{ profile: name, outcome: 'not_run', version, recorded: null, message },
    ...{ differences: [], durationMs: 0, receipt: null },
  };
}
