import type { TranscriptPlace } from '../../domain/session/transcript-position.js';
import type { Timestamp } from '../../domain/shared/timestamp.js';
import type { CapturedToolUse } from '../session/captured-tool-use.js';

/** What a transcript tells. `at` is null where it tells no time. */
export type TranscriptItem =
  | {
      readonly kind: 'prompt';
      readonly who: 'user' | 'system';
      readonly turn: string;
      readonly text: string;
      readonly at: Timestamp | null;
    }
  | { readonly kind: 'answer'; readonly turn: string | null; readonly text: string; readonly at: Timestamp | null }
  | { readonly kind: 'tool-use'; readonly toolUse: CapturedToolUse; readonly at: Timestamp | null };

/** Kinds of agents whose transcripts are understood. */
export const TRANSCRIPT_SOURCES = ['claude', 'codex', 'gemini'] as const;
export type TranscriptSource = (typeof TRANSCRIPT_SOURCES)[number];

export interface TranscriptRequest {
  /** Who wrote it. */
  readonly source: TranscriptSource;
  /** Absolute path, as the agent told it. */
  readonly path: string;
  /** The agent's own id of the session; what a transcript tells of others is left out. */
  readonly providerSessionId: string;
  readonly from: TranscriptPlace;
}

/** The next part of a transcript. */
export interface TranscriptPart {
  readonly items: readonly TranscriptItem[];
  /** Where the next part begins. */
  readonly next: TranscriptPlace;
  /** Whether there is no whole line after it. */
  readonly isEnd: boolean;
  /** Lines that are no JSON of a transcript, and lines that are too long; both are passed over. */
  readonly unreadable: number;
  readonly tooLong: number;
}

/** The records that agents keep of their sessions. */
export interface Transcripts {
  /**
   * Reads on, some half a megabyte. Rejects with `invalid_input`, in one sentence, when it is no file that may be read:
   * it is gone, no regular file, not the user's, or lies outside the agents' own directories.
   */
  read(request: TranscriptRequest, signal: AbortSignal): Promise<TranscriptPart>;
  /** Tells whenever the file may have grown; null when its directory cannot be watched. Watching needs no timer. */
  watch(path: string, changed: () => void): Promise<{ close(): void } | null>;
}
