import { describe, expect, it } from 'vitest';
import { Agent, type AgentStatus } from '../../../src/domain/agent/agent.js';
import * as transitions from '../../../src/domain/agent/agent-transitions.js';
import type { Change } from '../../../src/domain/shared/change.js';
import { encodeId } from '../../../src/domain/shared/id.js';
import { expectWhole, type FunctionsOf, itFollows, type TransitionTable } from './transition-table.js';

const NOW = 1_800_000_000_000;
const RECEIPT = { ended: 2, left: 0 };
const AGENT = {
  id: encodeId('agent', 1),
  profile: 'claude',
  protocol: 'claude',
  runId: 'run_1',
  owner: 'server-1',
} as const;

type Transition = Exclude<FunctionsOf<typeof transitions>, 'spawnAgent'>;

const TABLE: TransitionTable<Transition, AgentStatus> = {
  becomeReady: {
    starting: 'idle',
    idle: 'refused',
    busy: 'refused',
    stopping: 'refused',
    stopped: 'refused',
    crashed: 'refused',
  },
  assign: {
    starting: 'refused',
    idle: 'busy',
    busy: 'refused',
    stopping: 'refused',
    stopped: 'refused',
    crashed: 'refused',
  },
  release: {
    starting: 'refused',
    idle: 'refused',
    busy: 'idle',
    stopping: 'refused',
    stopped: 'refused',
    crashed: 'refused',
  },
  beginStop: {
    starting: 'stopping',
    idle: 'stopping',
    busy: 'stopping',
    stopping: 'stopping',
    stopped: 'refused',
    crashed: 'refused',
  },
  stopped: {
    starting: 'refused',
    idle: 'refused',
    busy: 'refused',
    stopping: 'stopped',
    stopped: 'refused',
    crashed: 'refused',
  },
  crash: {
    starting: 'crashed',
    idle: 'crashed',
    busy: 'crashed',
    stopping: 'crashed',
    stopped: 'refused',
    crashed: 'refused',
  },
};

const APPLY: Record<Transition, (agent: Agent) => Change<Agent, object>> = {
  becomeReady: (agent) => transitions.becomeReady(agent, NOW + 5),
  assign: (agent) => transitions.assign(agent, encodeId('task', 1), NOW + 5),
  release: (agent) => transitions.release(agent, NOW + 5),
  beginStop: (agent) => transitions.beginStop(agent),
  stopped: (agent) => transitions.stopped(agent, RECEIPT, NOW + 5),
  crash: (agent) => transitions.crash(agent, 'It broke.', RECEIPT, NOW + 5),
};

const starting = transitions.spawnAgent(AGENT, NOW).state;
const idle = transitions.becomeReady(starting, NOW).state;
const busy = transitions.assign(idle, encodeId('task', 1), NOW).state;
const stopping = transitions.beginStop(busy).state;
const SAMPLES = {
  starting,
  idle,
  busy,
  stopping,
  stopped: transitions.stopped(stopping, RECEIPT, NOW).state,
  crashed: transitions.crash(busy, 'It broke.', RECEIPT, NOW).state,
};

describe('an agent', () => {
  itFollows(TABLE, { samples: SAMPLES, apply: APPLY, schema: Agent });

  it('is starting when it is spawned', () => {
    const { state, events } = transitions.spawnAgent(AGENT, NOW);
    expect(state).toMatchObject({ ...AGENT, status: 'starting', startedAt: NOW });
    expectWhole(Agent, state, events);
  });

  it('keeps its task while it stops, so that the task can be given back', () => {
    expect(stopping.taskId).toBe(encodeId('task', 1));
    expect(SAMPLES.stopped.taskId).toBeNull();
  });

  it('was never ready in less than no time, also when the clock has jumped back', () => {
    expect(transitions.becomeReady(starting, NOW - 9_000).events).toMatchObject([{ data: { readyMs: 0 } }]);
  });
});
