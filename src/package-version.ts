import { readFileSync } from 'node:fs';
import { z } from 'zod';

/** Beside both `src` and `dist`. */
const MANIFEST = new URL('../package.json', import.meta.url);

/** The version of this package. */
export function packageVersion(): string {
  return z.object({ version: z.string() }).parse(JSON.parse(readFileSync(MANIFEST, 'utf8'))).version;
}
