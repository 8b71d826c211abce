import type { PromptId, SessionId } from '../shared/id.js';
import type { Timestamp } from '../shared/timestamp.js';
import type { Prompt, Speaker } from './prompt.js';

/** Which prompts a list shows, in the order in which they were said. */
export interface PromptFilter {
  readonly sessionId: SessionId;
  readonly after?: PromptId | undefined;
  readonly limit: number;
}

export interface SaidBetween {
  readonly sessionId: SessionId;
  readonly who: Speaker;
  readonly from: Timestamp;
  readonly to: Timestamp;
  readonly limit: number;
}

export interface PromptReader {
  /** Those that there are, in the order asked for. */
  getMany(ids: readonly PromptId[]): Promise<Prompt[]>;
  list(filter: PromptFilter): Promise<Prompt[]>;
  /** The last `limit` of a session, in the order in which they were said. */
  newest(sessionId: SessionId, limit: number): Promise<Prompt[]>;
  /** What this speaker said in that turn. */
  findByTurn(sessionId: SessionId, turn: string, who: Speaker): Promise<Prompt | undefined>;
  /** Up to `limit` of what this speaker said from one moment to another, those that reached us last first. */
  saidBetween(said: SaidBetween): Promise<Prompt[]>;
  /** What began the turn that ran at this time: of the prompts said until then the last. */
  lastAsked(sessionId: SessionId, at: Timestamp): Promise<Prompt | undefined>;
}

export interface PromptRepository extends PromptReader {
  insert(prompt: Prompt): Promise<void>;
  /** Puts another text in the place of what was said: an answer that went on. */
  save(prompt: Prompt): Promise<void>;
  remove(id: PromptId): Promise<void>;
}
