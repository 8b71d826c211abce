import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';

/** Where this program is found in the search path, as a shell would find it; undefined if it is not. */
export function findProgram(
  command: string,
  { PATH = '', PATHEXT = '' }: Readonly<Record<string, string | undefined>>,
): string | undefined {
  const folders = isAbsolute(command) ? [''] : PATH.split(delimiter).filter((folder) => folder !== '');
  const endings = process.platform === 'win32' ? ['', ...PATHEXT.split(';')] : [''];
  return folders.flatMap((folder) => endings.map((ending) => join(folder, command + ending))).find(isProgram);
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
