import { DomainError } from '../../domain/shared/domain-error.js';
import type { Captured } from './captured.js';
import { CLAUDE_EVENTS, readClaudeHook } from './claude-hooks.js';
import { readCodexHook } from './codex-hooks.js';
import type { Delivery } from './delivery.js';
import { GEMINI_EVENTS, readGeminiHook } from './gemini-hooks.js';
import { type HookAgent, type HookEvent, isHookAgent, isHookEvent } from './hook-event.js';
import { HookPayload } from './hook-payload.js';

interface Reader {
  /** The agent's own names of the events. */
  readonly events: Readonly<Record<string, HookEvent>>;
  readonly read: (event: HookEvent, payload: HookPayload, delivery: Delivery) => Captured;
}

const READERS: Readonly<Record<HookAgent, Reader>> = {
  claude: { events: CLAUDE_EVENTS, read: readClaudeHook },
  codex: { events: CLAUDE_EVENTS, read: readCodexHook },
  gemini: { events: GEMINI_EVENTS, read: readGeminiHook },
};

/** A hook as it was delivered. `name` is the event as the one who delivers it names it. */
export interface HookDelivery extends Delivery {
  readonly name: string;
  /** The kind of agent; without one that is known, the body tells. */
  readonly source: string | null;
  readonly body: unknown;
  /** The run of an agent of ours that it was started in (CW_RUN_ID). */
  readonly run?: string | null | undefined;
}

/** What a hook told; undefined for an event that nobody here knows. Throws `invalid_input` for what cannot be read. */
export function readHook({ name, source, body, at, id }: Omit<HookDelivery, 'run'>): Captured | undefined {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw new DomainError('invalid_input', 'This hook cannot be read: it is no JSON object.');
  }
  const payload = new HookPayload(body as Record<string, unknown>);
  const agent = source !== null && isHookAgent(source) ? source : agentOf(payload);
  const { events, read } = READERS[agent];
  const event = eventOf(name, payload.text('hook_event_name'), events);
  return event === undefined ? undefined : read(event, payload, { at, id });
}

/** The agent's own name of the event tells what shape it has; where there is none, the name it was delivered under. */
function eventOf(name: string, own: string | null, events: Reader['events']): HookEvent | undefined {
  const known = own === null || !Object.hasOwn(events, own) ? undefined : events[own];
  return known ?? (isHookEvent(name) ? name : undefined);
}

/** Who speaks like this: each keeps its transcripts in its own place, and only Gemini tells the time. */
function agentOf(payload: HookPayload): HookAgent {
  const transcript = payload.text('transcript_path')?.replaceAll('\\', '/') ?? '';
  if (transcript.includes('/.claude/')) return 'claude';
  if (transcript.includes('/.codex/')) return 'codex';
  if (transcript.includes('/.gemini/')) return 'gemini';
  const own = payload.text('hook_event_name') ?? '';
  if (payload.moment('timestamp') !== null || (!(own in CLAUDE_EVENTS) && own in GEMINI_EVENTS)) return 'gemini';
  return payload.text('turn_id') === null ? 'claude' : 'codex';
}
