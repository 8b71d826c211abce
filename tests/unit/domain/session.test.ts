import { describe, expect, it } from 'vitest';
import { Session, type SessionStatus } from '../../../src/domain/session/session.js';
import * as transitions from '../../../src/domain/session/session-transitions.js';
import type { Change } from '../../../src/domain/shared/change.js';
import { encodeId } from '../../../src/domain/shared/id.js';
import { expectWhole, type FunctionsOf, itFollows, type TransitionTable } from './transition-table.js';

const NOW = 1_800_000_000_000;
const SESSION = {
  id: encodeId('session', 1),
  source: 'cw',
  providerSessionId: null,
  agent: 'claude',
  workspaceId: encodeId('workspace', 1),
  taskId: encodeId('task', 1),
};

type Transition = Exclude<FunctionsOf<typeof transitions>, 'startSession'>;

const TABLE: TransitionTable<Transition, SessionStatus> = {
  promptSession: { active: 'active', paused: 'refused', closed: 'active', failed: 'active' },
  recallPrompt: { active: 'active', paused: 'refused', closed: 'closed', failed: 'failed' },
  pauseSession: { active: 'paused', paused: 'refused', closed: 'refused', failed: 'refused' },
  resumeSession: { active: 'refused', paused: 'active', closed: 'active', failed: 'active' },
  closeSession: { active: 'closed', paused: 'closed', closed: 'refused', failed: 'refused' },
  failSession: { active: 'failed', paused: 'failed', closed: 'refused', failed: 'refused' },
};

const APPLY: Record<Transition, (session: Session) => Change<Session, object>> = {
  promptSession: (session) => transitions.promptSession(session, 'Fix the build.', NOW + 1),
  recallPrompt: (session) => transitions.recallPrompt(session, 'Fix the build.', NOW + 1),
  pauseSession: (session) => transitions.pauseSession(session, NOW + 1),
  resumeSession: (session) => transitions.resumeSession(session, NOW + 1),
  closeSession: (session) => transitions.closeSession(session, NOW + 1),
  failSession: (session) => transitions.failSession(session, 'It broke.', NOW + 1),
};

const active = transitions.startSession(SESSION, NOW).state;
const SAMPLES = {
  active,
  paused: transitions.pauseSession(active, NOW).state,
  closed: transitions.closeSession(active, NOW).state,
  failed: transitions.failSession(active, 'It broke.', NOW).state,
};

describe('a session', () => {
  itFollows(TABLE, { samples: SAMPLES, apply: APPLY, schema: Session });

  it('is active and has no title when it starts', () => {
    const { state, events } = transitions.startSession(SESSION, NOW);
    expect(state).toMatchObject({ ...SESSION, status: 'active', title: '', prompts: 0 });
    expectWhole(Session, state, events);
  });

  it('is called after its first prompt and numbers all of them', () => {
    const first = transitions.promptSession(active, '\n  Fix the build.\nIt is red.', NOW);
    expect(first).toMatchObject({ state: { title: 'Fix the build.', prompts: 1 }, events: [{ data: { number: 1 } }] });
    const second = transitions.promptSession(first.state, 'And the tests.', NOW);
    expect(second).toMatchObject({ state: { title: 'Fix the build.', prompts: 2 }, events: [{ data: { number: 2 } }] });
  });

  it('has a title of one line', () => {
    const { title } = transitions.promptSession(active, 'x'.repeat(500), NOW).state;
    expect(title).toBe(`${'x'.repeat(transitions.MAX_TITLE_LENGTH - 1)}…`);
    const { title: whole } = transitions.promptSession(active, `${'x'.repeat(118)}🙂🙂`, NOW).state;
    expect(whole).toBe(`${'x'.repeat(118)}…`);
  });
});
