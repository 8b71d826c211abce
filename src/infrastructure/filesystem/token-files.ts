import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TokenFiles } from '../../application/ports/agent-secrets.js';
import { codeOf } from '../../domain/shared/thrown.js';

const PRIVATE_DIRECTORY = 0o700;
const PRIVATE_FILE = 0o600;

/** Files `<directory>/<name>`. Not brought to the disk: no agent outlives its machine. */
export function createTokenFiles({ directory }: { readonly directory: string }): TokenFiles {
  return {
    async write(name, token) {
      await mkdir(directory, { recursive: true, mode: PRIVATE_DIRECTORY });
      const path = join(directory, name);
      await writeFile(path, token, { mode: PRIVATE_FILE, flag: 'wx' });
      return path;
    },
    remove: (name) => rm(join(directory, name), { force: true }),
    async read(name) {
      const path = join(directory, name);
      try {
        return { token: await readFile(path, 'utf8'), path };
      } catch (error) {
        if (codeOf(error) === 'ENOENT') return null;
        throw error;
      }
    },
    async clear(kept) {
      const names = (await readdir(directory)).filter((name) => !kept.has(name));
      for (const name of names) await rm(join(directory, name), { force: true });
    },
  };
}
