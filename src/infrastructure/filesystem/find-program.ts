import type { FindProgram } from '../../application/ports/find-program.js';
import { findProgram, type ProgramSearch } from '../../find-program.js';

/** Finds executables at every call anew, so that one that is installed or removed meanwhile is seen. */
export function createFindProgram(search: ProgramSearch): FindProgram {
  return async (command, path = search.path) => findProgram(command, { ...search, path });
}
