import { realpath, stat } from 'node:fs/promises';
import { isAbsolute } from 'node:path';
import type { Directories } from '../../application/ports/directories.js';
import { DomainError } from '../../domain/shared/domain-error.js';
import { codeOf, messageOf } from '../../domain/shared/thrown.js';

/** Directories of this machine. */
export const directories: Directories = {
  async resolve(path) {
    if (!isAbsolute(path)) throw refuse(path, 'the path must be absolute');
    try {
      const resolved = await realpath(path);
      if ((await stat(resolved)).isDirectory()) return resolved;
    } catch (error) {
      throw refuse(path, reason(error));
    }
    throw refuse(path, 'it is a file, not a directory');
  },
};

function refuse(path: string, why: string): DomainError {
  return new DomainError('invalid_input', `${JSON.stringify(path)} cannot be used as a directory: ${why}.`);
}

function reason(error: unknown): string {
  switch (codeOf(error)) {
    case 'ENOENT':
      return 'it does not exist';
    case 'ENOTDIR':
      return 'a part of the path is a file';
    case 'EACCES':
      return 'this user may not enter it';
    case 'ELOOP':
      return 'its symbolic links go round in a circle';
    case 'ENAMETOOLONG':
      return 'the path is too long';
    default:
      return messageOf(error);
  }
}
