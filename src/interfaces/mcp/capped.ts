import type { Page } from '../../application/page.js';

/** Largest result of a tool, in bytes of JSON: what comes back is paid for by the model that reads it. */
export const MAX_RESULT_BYTES = 25_000;
/** Longest texts within a result that is too large, in characters, tried one after the other. */
const SHORTER = [8_000, 2_000, 500, 100];

/** How large a value is as JSON, in bytes. */
export function jsonBytes(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value));
}

/** As much of the beginning of a text as is at most so many bytes of JSON, in whole characters. */
export function headOf(text: string, maxBytes: number): string {
  let head = text.slice(0, maxBytes);
  for (let bytes = jsonBytes(head); bytes > maxBytes; bytes = jsonBytes(head)) {
    head = head.slice(0, Math.min(head.length - 1, Math.floor((head.length * maxBytes) / bytes)));
  }
  return endsInHalf(head) ? head.slice(0, -1) : head;
}

/** Asks for a page again, with fewer items, until it fits; its cursor leads to the rest. */
export async function fittingPage<Item>(
  limit: number,
  list: (limit: number) => Promise<Page<Item>>,
): Promise<Page<Item>> {
  for (let most = limit; ; ) {
    const page = await list(most);
    const bytes = jsonBytes(page);
    if (bytes <= MAX_RESULT_BYTES || page.items.length <= 1) return page;
    most = Math.max(1, Math.floor((page.items.length * MAX_RESULT_BYTES) / bytes));
  }
}

/** The value, or if it is too large the same with its long texts shortened, which end with an ellipsis then. */
export function shortened<Value>(value: Value): Value {
  let result = value;
  for (const limit of SHORTER) {
    if (jsonBytes(result) <= MAX_RESULT_BYTES) return result;
    result = withTextsUpTo(value, limit) as Value;
  }
  return result;
}

function withTextsUpTo(value: unknown, limit: number): unknown {
  if (typeof value === 'string') return value.length > limit ? `${headOf(value, limit)}…` : value;
  if (Array.isArray(value)) return value.map((item) => withTextsUpTo(item, limit));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, withTextsUpTo(member, limit)]));
}

/** Whether a text ends between the two halves of a character outside the basic plane. */
function endsInHalf(text: string): boolean {
  const last = text.charCodeAt(text.length - 1);
  return last >= 0xd800 && last <= 0xdbff;
}
