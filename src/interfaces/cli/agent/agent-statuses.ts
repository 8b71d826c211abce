import type { AgentStatus } from '../../../domain/agent/agent.js';

/** The colour that each state of an agent is shown in. */
export const AGENT_COLOURS = {
  starting: 'cyan',
  idle: 'green',
  busy: 'blue',
  stopping: 'yellow',
  stopped: 'gray',
  crashed: 'red',
} as const satisfies Record<AgentStatus, string>;
