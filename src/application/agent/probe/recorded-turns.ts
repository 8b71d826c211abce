import type { AgentKind } from '../../../domain/agent/agent-kind.js';
import type { AgentUpdate } from '../../ports/agent-update.js';

type UpdateType = AgentUpdate['type'];

/** How an agent spoke in the turn of a probe when it was recorded. */
export interface RecordedTurn {
  readonly version: string;
  /** What comes at least, in this order, each once or many times in a row. */
  readonly order: readonly UpdateType[];
  /** What may come in between. */
  readonly between: readonly UpdateType[];
  /** Whether what a command printed is in its tool result. */
  readonly tellsOutput: boolean;
}

/** Whether Codex asks leave depends on what the machine's sandbox can do. */
export const RECORDED_TURNS: Readonly<Record<AgentKind, RecordedTurn>> = {
  claude: {
    version: '2.1.328',
    order: [
      ...(['session', 'mark', 'session', 'text', 'tool_call', 'permission', 'tool_result'] as const),
      ...(['text', 'usage', 'turn_end'] as const),
    ],
    between: [],
    tellsOutput: true,
  },
  codex: {
    version: '0.169.0',
    order: ['session', 'mark', 'text', 'tool_call', 'tool_result', 'text', 'usage', 'turn_end'],
    between: ['permission', 'permission_over'],
    tellsOutput: true,
  },
  gemini: {
    version: '0.61.0',
    order: ['session', 'mark', 'text', 'tool_call', 'permission', 'tool_result', 'text', 'usage', 'turn_end'],
    between: [],
    tellsOutput: false,
  },
  opencode: {
    version: '1.18.33',
    order: ['session', 'mark', 'text', 'tool_call', 'permission', 'tool_result', 'text', 'usage', 'turn_end'],
    between: [],
    tellsOutput: true,
  },
};
