import { z } from 'zod';

/** Largest page; one row more is read to know whether another follows. */
const MAX_PAGE = 100;

export const PageSize = z.int().min(1).max(MAX_PAGE).default(50);

/** A page of a list. `nextCursor` goes into the next call, or is null at the end. */
export interface Page<Item> {
  readonly items: Item[];
  readonly nextCursor: string | null;
}

/** The schema of a page of these. */
export function pageOf<Item extends z.ZodType>(item: Item) {
  return z.object({ items: z.array(item), nextCursor: z.string().nullable() });
}

/** Makes a page of `limit` from up to `limit + 1` rows; the cursor is the last shown row's id. */
export function toPage<Item extends { id: string }>(rows: readonly Item[], limit: number): Page<Item> {
  const items = rows.slice(0, limit);
  return { items, nextCursor: rows.length > limit ? (items.at(-1)?.id ?? null) : null };
}
