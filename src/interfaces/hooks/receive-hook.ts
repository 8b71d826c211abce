import type { Application } from '../../application/application.js';
import type { Captured } from './captured.js';
import { LARGE_HOOK_BYTES, type ReadLargeHook, type UnreadHook } from './large-hook.js';
import { parseHook } from './parse-hook.js';
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
  /** The same of one whose body is not read yet. */
  receiveBytes(app: Application, hook: UnreadHook): Promise<HookAnswer>;
  /** How often events came that nobody here knows, by name. */
  unknown(): ReadonlyMap<string, number>;
}

/** `readLarge` reads what is large; without it, all is read here. */
export function createHookReceiver(readLarge?: ReadLargeHook): HookReceiver {
  const unknown = new Map<string, number>();

  async function takeOrCount(
    app: Application,
    captured: Captured | undefined,
    { name: event, run = null }: Pick<HookDelivery, 'name' | 'run'>,
  ): Promise<HookAnswer> {
    if (captured !== undefined) return take(app, captured, run);
    const name = unknown.has(event) || unknown.size < MAX_NAMES ? event.slice(0, 100) : 'others';
    unknown.set(name, (unknown.get(name) ?? 0) + 1);
    return NO_ANSWER;
  }

  return {
    receive: async (app, delivery) => takeOrCount(app, readHook(delivery), delivery),
    async receiveBytes(app, hook) {
      const { bytes, ...delivery } = hook;
      const captured =
        readLarge === undefined || bytes.length <= LARGE_HOOK_BYTES
          ? readHook({ ...delivery, body: parseHook(Buffer.from(bytes).toString('utf8')) })
          : await readLarge(hook);
      return takeOrCount(app, captured, delivery);
    },
    unknown: () => unknown,
  };
}

async function take(app: Application, captured: Captured, run: string | null): Promise<HookAnswer> {
  switch (captured.kind) {
    case 'start': {
      const session = await app.startSession({ ...captured.session, continues: captured.continues }, run);
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
