import type { SessionId } from '../shared/id.js';
import type { Timestamp } from '../shared/timestamp.js';

/** Where the reading of a transcript goes on. */
export interface TranscriptPlace {
  /** Which file it is, as the system knows it; empty before the first read. */
  readonly file: string;
  /** A hash of the file's first bytes: one that was written anew has others. */
  readonly head: string;
  /** Bytes read; always whole lines, unless it is in a long one. */
  readonly offset: number;
  /** Whether the offset lies within a line that is too long to be read. */
  readonly isInLongLine: boolean;
  /** The turn that runs there. */
  readonly turn: string | null;
  /** Where the lines of tool calls begin that have no result yet, by the call's id. */
  readonly calls: Readonly<Record<string, number>>;
}

/** How far a session's transcript is read. None of its words are in here. */
export interface TranscriptPosition extends TranscriptPlace {
  readonly sessionId: SessionId;
  /** What is older is not taken. */
  readonly notBefore: Timestamp;
  /** When its end was last reached; null when it never was. */
  readonly readAt: Timestamp | null;
}

/** The beginning of a transcript that was never read. */
export const TRANSCRIPT_START: TranscriptPlace = {
  file: '',
  head: '',
  offset: 0,
  isInLongLine: false,
  turn: null,
  calls: {},
};
