import { MAX_INPUT_LENGTH } from '../../domain/session/capture-limits.js';
import type { Redactor } from '../ports/redactor.js';

/** Values looked at to say how much was left out; beyond, the figure is too low. */
const MAX_COUNTED = 10_000;

/** The input of a tool use as it is kept: JSON text; `omitted` is about how many characters were left out. */
export interface CleanInput {
  readonly text: string;
  readonly omitted: number;
}

/**
 * An input without secrets and private parts, cut to what is kept. Its short members come first, so that a file's long
 * content never costs the file's name; members that are too long share what room there is.
 */
export function cleanInput(input: unknown, redactor: Redactor): CleanInput {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) return cleanWhole(input, redactor);
  const members = Object.entries(input)
    .map(([key, member]): [string, unknown, number] => [key, member, sizeOf(member)])
    .sort(([, , a], [, , b]) => a - b);
  const kept: [string, unknown][] = [];
  let room = MAX_INPUT_LENGTH;
  let omitted = 0;
  for (const [at, [key, member, size]] of members.entries()) {
    const share = Math.floor(room / (members.length - at));
    const { value, isCut } = redactor.redactJson({ [key]: member }, share);
    const after = sizeOf(value);
    if (isCut) omitted += Math.max(1, size + key.length - after);
    room = Math.max(0, room - after);
    if (typeof value === 'object' && value !== null) kept.push(...Object.entries(value));
  }
  return { text: JSON.stringify(Object.fromEntries(kept)), omitted };
}

function cleanWhole(input: unknown, redactor: Redactor): CleanInput {
  const { value, isCut } = redactor.redactJson(input, MAX_INPUT_LENGTH);
  const omitted = isCut ? Math.max(1, sizeOf(input) - sizeOf(value)) : 0;
  return { text: JSON.stringify(value), omitted };
}

/** About how many characters a value has; it is walked without recursion, since it may be nested to any depth. */
function sizeOf(value: unknown): number {
  const left = [value];
  let size = 0;
  for (let seen = 0; seen < MAX_COUNTED && left.length > 0; seen += 1) {
    const part = left.pop();
    if (typeof part === 'string') size += part.length;
    else if (typeof part === 'object' && part !== null)
      left.push(...(Object.values(part) as unknown[]).slice(0, MAX_COUNTED));
    else size += String(part).length;
  }
  return size;
}
