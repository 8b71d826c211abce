/** What one array, object or value costs beside its texts, in UTF-16 code units: about what a copy of it takes. */
const VALUE_WEIGHT = 32;

/**
 * Cuts every text in a JSON value that is longer than `limit`, in its middle, and says what the rest weighs: the length
 * of its texts and so much for each value. What was read from JSON has no cycles.
 */
export function cutTexts(value: unknown, limit: number): { readonly value: unknown; readonly weight: number } {
  let weight = 0;
  const cut = (part: unknown): unknown => {
    weight += VALUE_WEIGHT;
    if (typeof part === 'string') {
      const text = cutMiddle(part, limit);
      weight += text.length;
      return text;
    }
    if (Array.isArray(part)) return part.map(cut);
    if (typeof part !== 'object' || part === null) return part;
    const entries = Object.entries(part).map(([name, each]): [string, unknown] => {
      weight += name.length;
      return [name, cut(each)];
    });
    return Object.fromEntries(entries);
  };
  return { value: cut(value), weight };
}

/** Never within a character that takes two units. */
function cutMiddle(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const note = `\n… cut here; ${String(text.length)} characters in all …\n`;
  const half = Math.max(0, Math.floor((limit - note.length) / 2));
  const tail = text.length - half;
  return `${text.slice(0, isWithinPair(text, half) ? half - 1 : half)}${note}${text.slice(isWithinPair(text, tail) ? tail + 1 : tail)}`;
}

function isWithinPair(text: string, at: number): boolean {
  const before = text.charCodeAt(at - 1);
  const after = text.charCodeAt(at);
  return before >= 0xd800 && before <= 0xdbff && after >= 0xdc00 && after <= 0xdfff;
}
