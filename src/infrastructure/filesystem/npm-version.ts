import { readFile } from 'node:fs/promises';
import { dirname, join, sep } from 'node:path';
import { z } from 'zod';

/** Directories between a program and its package that are gone up at most, such as `dist/bin`. */
const MAX_UP = 5;

const Manifest = z.object({ name: z.string(), version: z.string() });

/** The version of the npm package that a program without symbolic links belongs to; null when it belongs to none. */
export async function npmVersion(program: string): Promise<string | null> {
  let directory = dirname(program);
  for (let up = 0; up < MAX_UP; up += 1) {
    const manifest = await readManifest(join(directory, 'package.json'));
    // One that does not lie where npm puts packages is another one's, such as that of a project of the user.
    const isInstalled = manifest !== null && directory.endsWith(join(sep, 'node_modules', manifest.name));
    if (isInstalled) return manifest.version;
    directory = dirname(directory);
  }
  return null;
}

async function readManifest(file: string): Promise<z.infer<typeof Manifest> | null> {
  try {
    return Manifest.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch {
    // None, or none of a package.
    return null;
  }
}
