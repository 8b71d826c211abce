import type { Observation, ObservationOrigin, ObservationType } from '../../domain/observation/observation.js';
import { decodeId, encodeId } from '../../domain/shared/id.js';

/** In the order of ObservationRow. */
export const OBSERVATION_COLUMNS = `id, workspace_id, session_id, created_at, forgotten_at, pinned, type, origin, turn,
  title, narrative, facts, concepts, files_read, files_modified, tool_uses`;

/** What a forgotten observation has none of. */
type ContentRow = [
  type: ObservationType,
  origin: ObservationOrigin,
  turn: string | null,
  title: string,
  narrative: string,
  facts: string,
  concepts: string,
  filesRead: string,
  filesModified: string,
  toolUses: string,
];
type NoContentRow = [null, null, null, null, null, null, null, null, null, null];
type PlaceRow = [id: number, workspaceId: number, sessionId: number | null, createdAt: number];

export type ObservationRow =
  | [...PlaceRow, forgottenAt: null, pinned: 0 | 1, ...ContentRow]
  | [...PlaceRow, forgottenAt: number, pinned: 0, ...NoContentRow];

/** The row of an observation. */
export function toObservationRow(observation: Observation): ObservationRow {
  const place: PlaceRow = [
    decodeId(observation.id),
    decodeId(observation.workspaceId),
    observation.sessionId === null ? null : decodeId(observation.sessionId),
    observation.createdAt,
  ];
  if (observation.status === 'forgotten') {
    return [...place, observation.forgottenAt, 0, null, null, null, null, null, null, null, null, null, null];
  }
  const { pinned, type, origin, turn, title, narrative, facts, concepts, filesRead, filesModified } = observation;
  const lists = [facts, concepts, filesRead, filesModified, observation.toolUses].map((list) => JSON.stringify(list));
  return [...place, null, pinned ? 1 : 0, type, origin, turn, title, narrative, ...(lists as FiveTexts)];
}
type FiveTexts = [string, string, string, string, string];

/** The observation of a row. The table's CHECK stands for what each state must have. */
export function toObservation(row: ObservationRow): Observation {
  const [id, workspaceId, sessionId, createdAt] = row;
  const place = {
    id: encodeId('obs', id),
    workspaceId: encodeId('workspace', workspaceId),
    sessionId: sessionId === null ? null : encodeId('session', sessionId),
    createdAt,
  };
  if (row[4] !== null) return { ...place, status: 'forgotten', forgottenAt: row[4] };
  const [, , , , , pinned, type, origin, turn, title, narrative, facts, concepts, filesRead, filesModified, uses] = row;
  return {
    ...place,
    status: 'kept',
    pinned: pinned === 1,
    type,
    origin,
    turn,
    title,
    narrative,
    facts: listOf(facts),
    concepts: listOf(concepts),
    filesRead: listOf(filesRead),
    filesModified: listOf(filesModified),
    toolUses: listOf(uses),
  };
}

function listOf(json: string): string[] {
  return JSON.parse(json) as string[];
}
