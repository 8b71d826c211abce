import { watch } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Waits until the file holds whole lines, and returns them trimmed. The test's own time limit bounds the wait. */
export async function contentOf(path: string): Promise<string> {
  for (;;) {
    const change = nextChange(dirname(path));
    const text = await readFile(path, 'utf8').catch(() => '');
    if (text.endsWith('\n')) {
      change.close();
      return text.trim();
    }
    await change.happened;
  }
}

/** Waits until the file holds a pid on a line of its own, and returns it. */
export async function pidIn(path: string): Promise<number> {
  return Number(await contentOf(path));
}

/** Armed before it returns. */
function nextChange(directory: string): { readonly happened: Promise<void>; close(): void } {
  const watcher = watch(directory);
  const happened = new Promise<void>((resolve) => {
    watcher.once('change', () => {
      watcher.close();
      resolve();
    });
  });
  return { happened, close: () => watcher.close() };
}
