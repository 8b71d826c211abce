import type { Colours } from './colours.js';
import { escapeLines } from './escape-controls.js';

/** A name and its value; null and undefined are left out. Text from outside is made harmless here. */
export type Field = readonly [name: string, value: string | number | null | undefined];

/** Lines of `name  value`, aligned; further lines of a value are indented under its first. */
export function renderFields(fields: readonly Field[], colours: Colours): string {
  const shown = fields.filter(([, value]) => value !== null && value !== undefined && value !== '');
  const width = Math.max(...shown.map(([name]) => name.length)) + 2;
  return shown
    .map(([name, value]) => {
      const [first = '', ...rest] = escapeLines(String(value)).trimEnd().split('\n');
      return [`${colours.dim(name.padEnd(width))}${first}`, ...rest.map((line) => ' '.repeat(width) + line)].join('\n');
    })
    .join('\n');
}
