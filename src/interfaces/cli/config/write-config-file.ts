import { randomUUID } from 'node:crypto';
import { closeSync, fsyncSync, openSync, realpathSync, renameSync, rmSync, writeFileSync } from 'node:fs';

const OWNER_ONLY = 0o600;

/**
 * Writes the configuration whole or not at all, readable by its owner alone. A symbolic link stays one: what it points
 * to is replaced.
 */
export function writeConfigFile(file: string, document: unknown): void {
  const target = realPath(file);
  const staging = `${target}.${randomUUID()}`;
  try {
    const descriptor = openSync(staging, 'wx', OWNER_ONLY);
    try {
      writeFileSync(descriptor, `${JSON.stringify(document, null, 2)}\n`);
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    renameSync(staging, target);
  } catch (error) {
    rmSync(staging, { force: true });
    throw error;
  }
}

function realPath(file: string): string {
  try {
    return realpathSync(file);
  } catch {
    return file;
  }
}
