import type { CountTokens } from '../../application/ports/token-counter.js';
import type { Workers } from '../../application/ports/workers.js';
import type { countTokens } from './count-tokens.js';

/** Longest wait for a count, in milliseconds: a cold thread takes some 700; no session that begins waits for it. */
const COUNT_LIMIT_MS = 10_000;
/** Texts whose lengths are known; at some 200 characters each, 2 MB. */
const MAX_KNOWN = 4_000;

interface TokenJobs {
  readonly [name: string]: (input: never) => unknown;
  readonly countTokens: typeof countTokens;
}

/** Counts in a worker thread, and remembers the lengths: most of a context was in the one before. */
export function createTokenCounter(workers: Pick<Workers<TokenJobs>, 'run'>): CountTokens {
  const known = new Map<string, number>();
  return async (texts) => {
    const missing = [...new Set(texts)].filter((text) => !known.has(text));
    const found = new Map<string, number>();
    if (missing.length > 0) {
      const lengths = await workers.run('countTokens', { texts: missing }, { timeoutMs: COUNT_LIMIT_MS });
      for (const [at, text] of missing.entries()) found.set(text, lengths[at] ?? 0);
    }
    const result = texts.map((text) => found.get(text) ?? known.get(text) ?? 0);
    // Those used now come last, so that the first ones are those to go.
    for (const [at, text] of texts.entries()) {
      known.delete(text);
      known.set(text, result[at] ?? 0);
    }
    for (const text of known.keys()) {
      if (known.size <= MAX_KNOWN) break;
      known.delete(text);
    }
    return result;
  };
}
