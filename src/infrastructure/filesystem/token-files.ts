import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TokenFiles } from '../../application/ports/agent-secrets.js';

const PRIVATE_DIRECTORY = 0o700;
const PRIVATE_FILE = 0o600;

/** Files `<directory>/<name>`. Not brought to the disk: no token outlives its server. */
export function createTokenFiles({ directory }: { readonly directory: string }): TokenFiles {
  return {
    async write(name, token) {
      await mkdir(directory, { recursive: true, mode: PRIVATE_DIRECTORY });
      const path = join(directory, name);
      await writeFile(path, token, { mode: PRIVATE_FILE, flag: 'wx' });
      return path;
    },
    remove: (name) => rm(join(directory, name), { force: true }),
    async clear() {
      for (const name of await readdir(directory)) await rm(join(directory, name), { force: true });
    },
  };
}
