import { describe, expect, it } from 'vitest';
import * as observations from '../../../src/domain/observation/observation.js';
import type { Change } from '../../../src/domain/shared/change.js';
import { encodeId } from '../../../src/domain/shared/id.js';
import { expectWhole, type FunctionsOf, itFollows, type TransitionTable } from './transition-table.js';

const NOW = 1_800_000_000_000;
const RECORDED = {
  id: encodeId('obs', 1),
  workspaceId: encodeId('workspace', 1),
  sessionId: encodeId('session', 1),
  type: 'fix',
  origin: 'rules',
  pinned: false,
  turn: 'turn 1',
  title: 'The build is green again',
  narrative: 'A missing file was added.',
  facts: ['The file was missing.'],
  concepts: ['build'],
  filesRead: ['a.ts'],
  filesModified: ['b.ts'],
  toolUses: ['toolu_1'],
} as const;

type Transition = Exclude<FunctionsOf<typeof observations>, 'recordObservation'>;
type Observation = observations.Observation;

const TABLE: TransitionTable<Transition, Observation['status']> = {
  forgetObservation: { kept: 'forgotten', forgotten: 'refused' },
};

const APPLY: Record<Transition, (observation: Observation) => Change<Observation, object>> = {
  forgetObservation: (observation) => observations.forgetObservation(observation, NOW + 1),
};

const kept = record(RECORDED.sessionId).state;
const SAMPLES = { kept, forgotten: observations.forgetObservation(kept, NOW).state };

function record(sessionId: Observation['sessionId']) {
  const lists = { facts: ['The file was missing.'], concepts: ['build'], filesRead: ['a.ts'], filesModified: ['b.ts'] };
  return observations.recordObservation({ ...RECORDED, ...lists, toolUses: ['toolu_1'], sessionId }, NOW);
}

describe('an observation', () => {
  itFollows(TABLE, { samples: SAMPLES, apply: APPLY, schema: observations.Observation });

  it('is kept when it is recorded, in a session or outside of one', () => {
    for (const sessionId of [RECORDED.sessionId, null]) {
      const { state, events } = record(sessionId);
      expect(state).toMatchObject({ ...RECORDED, sessionId, status: 'kept', createdAt: NOW });
      expectWhole(observations.Observation, state, events);
    }
  });

  it('says nothing any more when it is forgotten', () => {
    const { id, workspaceId, sessionId } = RECORDED;
    const place = { id, workspaceId, sessionId, createdAt: NOW };
    expect(SAMPLES.forgotten).toEqual({ ...place, status: 'forgotten', forgottenAt: NOW });
  });
});
