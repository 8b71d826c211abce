import { lstatSync, type Stats } from 'node:fs';

/** What is at this path, links as such; undefined for nothing, also where what is above it is no directory. */
export function lookAt(path: string): Stats | undefined {
  try {
    return lstatSync(path);
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR'))
      return undefined;
    throw error;
  }
}
