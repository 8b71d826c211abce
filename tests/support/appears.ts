import { existsSync, watch } from 'node:fs';
import { dirname } from 'node:path';

/** Resolves once this file is there; its directory is. */
export async function appears(path: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const watcher = watch(dirname(path), look).once('error', reject);
    look();
    function look(): void {
      if (!existsSync(path)) return;
      watcher.close();
      resolve();
    }
  });
}
