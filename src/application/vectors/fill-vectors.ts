import { documentOfObservation, documentOfPrompt } from '../../domain/memory/observation-document.js';
import type { Unembedded } from '../../domain/memory/vector-index.js';
import { isPrivate } from '../../domain/session/prompt.js';
import { decodeId, encodeId } from '../../domain/shared/id.js';
import type { Dependencies } from '../dependencies.js';
import { followLog } from '../event/follow-log.js';
import { ModelFailure } from '../ports/ask-model.js';
import type { Embedder } from '../ports/embedder.js';
import type { Timer } from '../ports/timer.js';

/** Documents looked at in one read, for which others wait: about a millisecond. */
const LOOKED_AT = 1_000;
/** Texts of one call: what providers take, and little enough to be lost with a call. */
const BATCH = 32;
/** Longest part of a document that is embedded, in characters: about what models read. */
const TEXT_LENGTH = 8_000;
/** Vectors removed by one transaction. */
const CLEARED = 500;
/** Pauses after calls that failed one after the other, in milliseconds: twice as long each time, up to ten minutes. */
const FIRST_PAUSE_MS = 10_000;
const LONGEST_PAUSE_MS = 600_000;

interface Needs extends Pick<Dependencies, 'transaction' | 'read' | 'eventLog' | 'clock' | 'logger'> {
  readonly embedder: Embedder;
  readonly timer: Timer;
}

/**
 * Gives every document that has none a vector: first those that are there, then each as the log tells of it. Vectors of
 * another model are removed before. What fails is tried again later, and nobody waits for it. Runs until the signal is
 * aborted.
 */
export async function fillVectors(needs: Needs, signal: AbortSignal): Promise<void> {
  const { read, eventLog, clock, logger } = needs;
  await removeThoseOfOthers(needs, signal);
  const { end } = await eventLog.bounds();
  const work: Work = { floor: 0, wake: () => {} };
  const listening = listen(needs, work, end, signal).finally(() => work.wake());
  // Told by the await at the end; until then it must not end the process.
  listening.catch(() => undefined);
  let pauseMs = FIRST_PAUSE_MS;
  const isOver = () => signal.aborted || work.failure !== undefined;
  while (!isOver()) {
    const bell = new Promise<void>((resolve) => {
      work.wake = resolve;
    });
    const after = work.floor;
    const { documents, last } = await read(({ vectors }) => vectors.missing(after, LOOKED_AT));
    if (last === null) {
      await bell;
      continue;
    }
    try {
      for (let from = 0; from < documents.length && !isOver(); from += BATCH) {
        await embed(needs, documents.slice(from, from + BATCH), signal);
        pauseMs = FIRST_PAUSE_MS;
      }
      // What was heard of meanwhile may lie below.
      if (work.floor === after) work.floor = last;
    } catch (error) {
      if (isOver()) break;
      if (!(error instanceof ModelFailure)) throw error;
      logger.warn('documents wait for their vectors', { reason: error.message, inMs: pauseMs, at: clock() });
      await pause(needs.timer, pauseMs, signal);
      pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
    }
  }
  await listening;
}

/** What is left to do: documents with a greater key than `floor`. */
interface Work {
  floor: number;
  wake: () => void;
  /** Why nothing is heard any more. */
  failure?: unknown;
}

/** A document that is new has the greatest key; one that was replaced or imported may have any. */
async function listen(needs: Needs, work: Work, from: number, signal: AbortSignal): Promise<void> {
  try {
    for await (const fact of followLog(needs, from, signal)) {
      if (fact.type === 'reset') work.floor = 0;
      else if (fact.type === 'observation.created' && fact.observationId !== undefined) {
        work.floor = Math.min(work.floor, decodeId(fact.observationId) - 1);
      } else if (fact.type !== 'session.prompted') continue;
      work.wake();
    }
  } catch (error) {
    if (signal.aborted) return;
    work.failure = error;
    throw error;
  }
}

/** Removes the vectors that cannot be compared with those to come. */
async function removeThoseOfOthers(
  { transaction, read, embedder }: Needs,
  signal: AbortSignal,
  dimensions?: number,
): Promise<void> {
  const known = await read(({ vectors }) => vectors.model());
  if (known === null) return;
  if (known.model === embedder.model && (dimensions ?? known.dimensions) === known.dimensions) return;
  for (let removed = CLEARED; removed === CLEARED && !signal.aborted; ) {
    removed = await transaction(({ vectors }) => vectors.clear(CLEARED));
  }
}

async function embed(needs: Needs, documents: readonly Unembedded[], signal: AbortSignal): Promise<void> {
  const { transaction, embedder } = needs;
  const texts = await textsOf(needs, documents);
  const told = documents.filter(({ key }) => texts.has(key));
  if (told.length === 0) return;
  const vectors = await embedder.embed(
    told.map(({ key }) => texts.get(key) ?? ''),
    signal,
  );
  const dimensions = vectors[0]?.length ?? 0;
  await removeThoseOfOthers(needs, signal, dimensions);
  await transaction(async (stores) => {
    await stores.vectors.setModel({ model: embedder.model, dimensions });
    for (const [at, document] of told.entries()) {
      const vector = vectors[at];
      if (vector !== undefined) await stores.vectors.store(document, vector);
    }
  });
}

/** What documents say, without secrets, as they are stored; none of what is gone. */
async function textsOf({ read }: Needs, documents: readonly Unembedded[]): Promise<Map<number, string>> {
  const of = (isPrompt: boolean) => documents.filter(({ kind }) => (kind === 'prompt') === isPrompt);
  return read(async ({ observations, prompts }) => {
    const kept = await observations.getMany(of(false).map(({ key }) => encodeId('obs', key)));
    const said = await prompts.getMany(of(true).map(({ key }) => encodeId('prompt', key)));
    const all = [
      ...kept.filter((one) => one.status === 'kept').map(documentOfObservation),
      ...said.filter((one) => !isPrivate(one)).map(documentOfPrompt),
    ];
    return new Map(all.map(({ key, title, body }) => [key, `${title}\n${body}`.trim().slice(0, TEXT_LENGTH)]));
  });
}

function pause(timer: Timer, ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const callOff = timer(ms, done);
    function done() {
      callOff();
      signal.removeEventListener('abort', done);
      resolve();
    }
    signal.addEventListener('abort', done, { once: true });
  });
}
