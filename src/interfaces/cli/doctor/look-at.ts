import { lstatSync, type Stats } from 'node:fs';
import { codeOf } from '../../../domain/shared/thrown.js';

/** What is at this path, links as such; undefined for nothing, also where what is above it is no directory. */
export function lookAt(path: string): Stats | undefined {
  try {
    return lstatSync(path);
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(codeOf(error) ?? '')) return undefined;
    throw error;
  }
}
