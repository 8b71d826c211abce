import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** What the recordings of real agents lie in, beside a checkout of the project; see shared/kit/README.md. */
export const KIT_FIXTURES = fileURLToPath(new URL('../../../shared/kit/fixtures', import.meta.url));

/** Skips a test that needs the kit where there is none, and says so. */
export function needsKit(skip: (reason: string) => void): void {
  if (!existsSync(KIT_FIXTURES)) skip('needs the kit in ../shared');
}
