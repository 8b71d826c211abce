import { realpathSync } from 'node:fs';
import { writePrivateFile } from '../../../home/private-file.js';

/**
 * Writes the configuration whole or not at all, readable by its owner alone. A symbolic link stays one: what it points
 * to is replaced.
 */
export function writeConfigFile(file: string, document: unknown): Promise<void> {
  return writePrivateFile(realPath(file), `${JSON.stringify(document, null, 2)}\n`);
}

function realPath(file: string): string {
  try {
    return realpathSync(file);
  } catch {
    return file;
  }
}
