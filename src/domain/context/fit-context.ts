import type { ObservationId } from '../shared/id.js';
import { CONTEXT_HEAD, CONTEXT_TAIL, idsOf, type Piece, type Section } from './draft-context.js';

/** A context as it is handed over. `tokens` is the sum of the lengths of its lines. */
export interface FittedContext {
  readonly text: string;
  readonly tokens: number;
  readonly observationIds: readonly ObservationId[];
}

/**
 * Takes what there is room for, section by section. `lengthOf` gives the tokens of a text, or more; the length of all
 * is their sum, because each ends with a line break and no token goes on behind one. Null when there is no room for
 * anything, or nothing to tell.
 */
export function fitContext(
  sections: readonly Section[],
  budget: number,
  lengthOf: (text: string) => number,
): FittedContext | null {
  let left = budget - lengthOf(CONTEXT_HEAD) - lengthOf(CONTEXT_TAIL);
  const taken: { section: Section; pieces: Piece[] }[] = [];
  for (const section of sections) {
    const title = lengthOf(section.title);
    let room = Math.min(left, Math.floor(budget * section.share)) - title;
    const before = room;
    const pieces: Piece[] = [];
    for (const piece of section.pieces) {
      const length = lengthOf(piece.text);
      if (length > room) continue;
      pieces.push(piece);
      room -= length;
    }
    if (pieces.length === 0) continue;
    left -= title + before - room;
    taken.push({ section, pieces });
  }
  if (taken.length === 0) return null;
  const inside = taken.map(({ section, pieces }) => section.title + inOrder(section, pieces).join(''));
  return {
    text: CONTEXT_HEAD + inside.join('') + CONTEXT_TAIL,
    tokens: budget - left,
    observationIds: idsOf(taken.flatMap(({ pieces }) => pieces)),
  };
}

function inOrder({ isByTime }: Section, pieces: readonly Piece[]): string[] {
  const ordered = isByTime ? [...pieces].sort((a, b) => b.observation.createdAt - a.observation.createdAt) : pieces;
  return ordered.map(({ text }) => text);
}
