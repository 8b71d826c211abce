import { createTwoFilesPatch } from 'diff';
import { escapeLines } from '../output/escape-controls.js';
import type { Change } from './change-settings.js';

/** What would change in a file, as `diff -u` shows it; harmless on a terminal. */
export function showDifference({ path, before, after }: Change): string {
  const patch = createTwoFilesPatch(before === null ? '/dev/null' : path, path, before ?? '', after);
  // Without the line of equals signs that only this library writes.
  return escapeLines(patch.replace(/^=+\n/, '').replaceAll('\r', '').trimEnd());
}
