import { isPlaceholder } from './secret-values.js';
import { MARKER_START, type Span } from './span.js';

/** A host with its user is not longer; past this it is no address. */
const MAX_AUTHORITY = 2_048;
const ENDS = '/?#"\'`<>\\^{}|, \t\r\n';

/** The password of `scheme://user:password@host`, where `at` is the colon of `://`. */
export function findUrlPassword(text: string, at: number): Span | undefined {
  const from = at + '://'.length;
  const last = Math.min(text.length, from + MAX_AUTHORITY);
  let colon = -1;
  let sign = -1;
  for (let next = from; next < last; next += 1) {
    const character = text.charAt(next);
    if (character === ':' && colon === -1) colon = next;
    else if (character === '@') sign = next;
    else if (ENDS.includes(character) && !text.startsWith('${', next - 1)) break;
  }
  if (colon === -1 || sign <= colon + 1) return undefined;
  const password = text.slice(colon + 1, sign);
  if (isPlaceholder(password) || text.slice(from, sign).includes(MARKER_START)) return undefined;
  return { start: colon + 1, end: sign, label: 'url-password' };
}
