import type { Application } from '../../application/application.js';
import type { Captured } from './captured.js';
import { type HookDelivery, readHook } from './read-hook.js';

/** Most names of unknown events that are counted apart; agents have some thirty. */
const MAX_NAMES = 100;

/** What an agent's hook is answered: an object for the agent, which never decides anything. */
export type HookAnswer = Readonly<Record<string, unknown>>;

const NO_ANSWER: HookAnswer = {};

/** Takes in what agents' hooks tell, however it reaches the server. */
export interface HookReceiver {
  /** Resolves when what is remembered of it is on disk. Throws `invalid_input` for a hook that cannot be read. */
  receive(app: Application, delivery: HookDelivery): Promise<HookAnswer>;
  /** How often events came that nobody here knows, by name. */
  unknown(): ReadonlyMap<string, number>;
}

export function createHookReceiver(): HookReceiver {
  const unknown = new Map<string, number>();
  return {
    async receive(app, delivery) {
      const captured = readHook(delivery);
      if (captured !== undefined) return take(app, captured);
      const name = unknown.has(delivery.name) || unknown.size < MAX_NAMES ? delivery.name.slice(0, 100) : 'others';
      unknown.set(name, (unknown.get(name) ?? 0) + 1);
      return NO_ANSWER;
    },
    unknown: () => unknown,
  };
}

async function take(app: Application, captured: Captured): Promise<HookAnswer> {
  switch (captured.kind) {
    case 'start': {
      const session = await app.startSession({ ...captured.session, continues: captured.continues });
      if (session === null || session.status === 'paused') return NO_ANSWER;
      const { id: sessionId, workspaceId } = session;
      const context = await app.sessionContext({ sessionId, workspaceId });
      if (context === null) return NO_ANSWER;
      return { hookSpecificOutput: { hookEventName: 'SessionStart', additionalContext: context } };
    }
    case 'prompt': {
      const { kind: _kind, ...prompt } = captured;
      await app.recordPrompt(prompt);
      return NO_ANSWER;
    }
    case 'answer': {
      const { kind: _kind, ...answer } = captured;
      await app.recordAnswer(answer);
      return NO_ANSWER;
    }
    case 'tool-use':
      await app.recordToolUses({ session: captured.session, toolUses: [captured.toolUse] }, 'hook');
      return NO_ANSWER;
    case 'end':
      await app.endSession(captured.session);
      return NO_ANSWER;
    case 'nothing':
      return NO_ANSWER;
  }
}
