import type { Session } from '../../domain/session/session.js';
import { TRANSCRIPT_START, type TranscriptPosition } from '../../domain/session/transcript-position.js';
import type { SessionId } from '../../domain/shared/id.js';
import type { Dependencies } from '../dependencies.js';
import type { TranscriptItem, TranscriptPart, TranscriptSource, Transcripts } from '../ports/transcripts.js';
import type { CapturedToolUse } from './captured-tool-use.js';
import type { createRecordAnswer } from './record-answer.js';
import type { createRecordPrompt } from './record-prompt.js';
import type { createRecordToolUses } from './record-tool-uses.js';
import type { SessionOrigin } from './session-origin.js';

/** Tool uses that are recorded at once: what they say is redacted on the main thread, some milliseconds for so many. */
const TOOL_USES_AT_ONCE = 16;

interface Needs extends Pick<Dependencies, 'read' | 'transaction' | 'clock'> {
  readonly transcripts: Pick<Transcripts, 'read'>;
  readonly recordPrompt: ReturnType<typeof createRecordPrompt>;
  readonly recordAnswer: ReturnType<typeof createRecordAnswer>;
  readonly recordToolUses: ReturnType<typeof createRecordToolUses>;
}

/** A session whose transcript can be read. */
export type WithTranscript = Session & {
  readonly source: TranscriptSource;
  readonly providerSessionId: string;
  readonly cwd: string;
  readonly transcriptPath: string;
};

/** What came of a part: how many tool uses were new, whether it was the last one, and what of it could not be used. */
export type ReadTranscript = (
  session: WithTranscript,
  signal: AbortSignal,
) => Promise<Pick<TranscriptPart, 'isEnd' | 'unreadable' | 'tooLong'> & { readonly recorded: number }>;

/**
 * Reads the next part of a session's transcript and keeps what is not known yet. Where it goes on is saved after that:
 * what a killed server has read is read again, and counts once.
 */
export function createReadTranscript(needs: Needs): ReadTranscript {
  const { read, transaction, clock, transcripts } = needs;
  return async ({ id: sessionId, source, providerSessionId, cwd, transcriptPath }, signal) => {
    const position = (await read((stores) => stores.transcripts.find(sessionId))) ?? startOf(sessionId);
    const { notBefore: _, readAt: readBefore, sessionId: __, ...from } = position;
    const startedAt = clock();
    const part = await transcripts.read({ path: transcriptPath, source, providerSessionId, from }, signal);
    const origin: SessionOrigin = { source, providerSessionId, cwd, transcriptPath };
    // Asked for now: the session may have been paused or forgotten while the file was read.
    const { notBefore } = (await read((stores) => stores.transcripts.find(sessionId))) ?? position;
    const items = part.items.filter(({ at }) => (at === null ? notBefore === 0 : at >= notBefore));
    const recorded = await keep(items, sessionId, origin, needs);
    const readAt = part.isEnd ? startedAt : readBefore;
    await transaction((stores) => stores.transcripts.save({ ...part.next, sessionId, readAt }));
    return { recorded, isEnd: part.isEnd, unreadable: part.unreadable, tooLong: part.tooLong };
  };
}

function startOf(sessionId: SessionId): TranscriptPosition {
  return { ...TRANSCRIPT_START, sessionId, notBefore: 0, readAt: null };
}

/** Keeps them in order and says how many tool uses were new. */
async function keep(
  items: readonly TranscriptItem[],
  sessionId: SessionId,
  session: SessionOrigin,
  { read, recordPrompt, recordAnswer, recordToolUses }: Needs,
): Promise<number> {
  /** By what name a turn is known. */
  const turns = new Map<string, string | null>();
  let waiting: CapturedToolUse[] = [];
  let recorded = 0;

  /** A turn that is not known by this name is known by its time. */
  async function knownTurn(named: string | null): Promise<string | null> {
    if (named === null) return null;
    const known = turns.get(named);
    if (known !== undefined) return known;
    const prompt = await read(
      async ({ prompts }) =>
        (await prompts.findByTurn(sessionId, named, 'user')) ?? prompts.findByTurn(sessionId, named, 'system'),
    );
    turns.set(named, prompt?.turn ?? null);
    return prompt?.turn ?? null;
  }

  async function flush(): Promise<void> {
    if (waiting.length === 0) return;
    const toolUses = waiting;
    waiting = [];
    recorded += (await recordToolUses({ session, toolUses }, 'transcript')).recorded;
  }

  for (const item of items) {
    const at = item.at ?? undefined;
    if (item.kind === 'tool-use') {
      const { toolUse } = item;
      waiting.push({ ...toolUse, cwd: toolUse.cwd ?? session.cwd, at, turn: await knownTurn(toolUse.turn ?? null) });
      if (waiting.length === TOOL_USES_AT_ONCE) await flush();
      continue;
    }
    await flush();
    const { turn, text } = item;
    if (item.kind === 'answer') {
      await recordAnswer({ session, turn: await knownTurn(turn), text, goesOn: true, at });
    } else {
      const prompt = await recordPrompt({ session, who: item.who, turn: item.turn, text, at, isRecalled: true });
      turns.set(item.turn, prompt?.turn ?? null);
    }
  }
  await flush();
  return recorded;
}
