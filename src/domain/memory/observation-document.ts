import type { KeptObservation } from '../observation/observation.js';
import type { Prompt } from '../session/prompt.js';
import { decodeId } from '../shared/id.js';
import type { Document } from './document.js';

/** An observation, note or summary as it is searched. */
export function documentOfObservation(observation: KeptObservation): Document {
  const { id, workspaceId, sessionId, type, origin, title, concepts, pinned, createdAt } = observation;
  return {
    key: decodeId(id),
    kind: type === 'note' || type === 'summary' ? type : 'observation',
    type,
    workspace: decodeId(workspaceId),
    session: sessionId === null ? null : decodeId(sessionId),
    at: createdAt,
    who: origin === 'user' || origin === 'agent' ? origin : null,
    title,
    body: textOfObservation(observation),
    files: [...new Set([...observation.filesModified, ...observation.filesRead])],
    concepts,
    pinned,
  };
}

/** What an observation says below its title. */
export function textOfObservation({ narrative, facts }: Pick<KeptObservation, 'narrative' | 'facts'>): string {
  return [narrative, ...facts].join('\n');
}

/** What was said in a session, as it is searched. */
export function documentOfPrompt({ id, workspaceId, sessionId, who, text, at }: Prompt): Document {
  return {
    key: decodeId(id),
    kind: 'prompt',
    type: 'prompt',
    workspace: decodeId(workspaceId),
    session: decodeId(sessionId),
    at,
    who,
    title: '',
    body: text,
    files: [],
    concepts: [],
    pinned: false,
  };
}
