import { randomUUID } from 'node:crypto';
import { MAX_MESSAGE_TEXT } from '../../../application/ports/agent-process.js';
import type { PermissionAnswer } from '../../../application/ports/agent-runtime.js';

/** A request for leave that waits for its answer. */
export interface Asked {
  readonly requestId: string;
  readonly toolUseId: string | null;
  readonly input: unknown;
  /** Rules that the agent proposes to keep when it is always allowed. */
  readonly suggestions: readonly unknown[];
}

/** Told to an agent whose tool would be given a shortened input. */
const TOO_LONG = 'The input is too long to be passed on. Do it in smaller pieces.';

/** A line that asks the agent for something. Ids are random: after a takeover nobody knows which were used. */
export function controlRequest(subtype: 'initialize' | 'interrupt'): { readonly id: string; readonly line: string } {
  const id = `cw-${randomUUID()}`;
  return { id, line: JSON.stringify({ type: 'control_request', request_id: id, request: { subtype } }) };
}

export function userMessage(text: string): string {
  const message = { role: 'user', content: [{ type: 'text', text }] };
  return JSON.stringify({ type: 'user', message, parent_tool_use_id: null, session_id: '' });
}

/** Answers a request that we know nothing of, so that the agent does not wait for ever. */
export function refusal(requestId: string): string {
  const response = { subtype: 'error', request_id: requestId, error: 'Codewalkers does not answer such requests.' };
  return JSON.stringify({ type: 'control_response', response });
}

export function permissionAnswer({ requestId, input, suggestions }: Asked, answer: PermissionAnswer): string {
  return JSON.stringify({
    type: 'control_response',
    response: { subtype: 'success', request_id: requestId, response: decision(input, suggestions, answer) },
  });
}

function decision(input: unknown, suggestions: readonly unknown[], answer: PermissionAnswer): object {
  if (answer.behavior === 'deny') return { behavior: 'deny', message: answer.message, interrupt: false };
  // What is sent back is what the tool gets, and a text of this length was cut when it was read.
  if (isCut(input)) return { behavior: 'deny', message: TOO_LONG, interrupt: false };
  const kept = suggestions.map((rule) =>
    // For the conversation only: the user's own settings are not ours to change.
    typeof rule === 'object' && rule !== null ? { ...rule, destination: 'session' } : rule,
  );
  return {
    behavior: 'allow',
    updatedInput: input ?? {},
    ...(answer.always && kept.length > 0 ? { updatedPermissions: kept } : {}),
  };
}

function isCut(value: unknown): boolean {
  if (typeof value === 'string') return value.length >= MAX_MESSAGE_TEXT;
  if (typeof value !== 'object' || value === null) return false;
  return Object.values(value).some(isCut);
}
