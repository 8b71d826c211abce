import { usageError } from '../cli-error.js';
import { parseNumberIn } from '../input/whole-number.js';
import type { ListOptions } from './list-options.js';

/** Most rows of one command; who needs more goes on with the cursor. */
const MOST_LISTED = 10_000;
/** Most rows that the server gives at once, as contracts.md says. */
export const PAGE = 100;

export interface Page<Item> {
  readonly items: Item[];
  readonly nextCursor: string | null;
}

/** Reads as many pages as the user's limit takes. */
export async function readPages<Item, Cursor extends string>(
  options: Pick<ListOptions, 'limit' | 'cursor'>,
  isCursor: (text: string) => text is Cursor,
  read: (page: { readonly limit: number; readonly cursor: Cursor | undefined }) => Promise<Page<Item>>,
): Promise<Page<Item>> {
  const limit = parseNumberIn(1, MOST_LISTED, options.limit, '--limit');
  const items: Item[] = [];
  let next: string | null = options.cursor ?? null;
  do {
    if (next !== null && !isCursor(next))
      throw usageError(`--cursor is "${next}", which is no nextCursor of this list.`);
    const page: Page<Item> = await read({ limit: Math.min(PAGE, limit - items.length), cursor: next ?? undefined });
    items.push(...page.items);
    next = page.nextCursor;
  } while (next !== null && items.length < limit);
  return { items, nextCursor: next };
}
