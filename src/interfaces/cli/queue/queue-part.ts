import { resolve } from 'node:path';
import { usageError } from '../cli-error.js';
import type { JsonOption } from '../help.js';
import { isId } from '../input/id.js';
import { escapeControls } from '../output/escape-controls.js';

/** The kinds of parts that a queue has. */
export const PART_KINDS = ['agent', 'workspace', 'group'] as const;
export type PartKind = (typeof PART_KINDS)[number];

/** One part of the queue, or all of it when none is named. */
export interface PartOptions extends JsonOption {
  readonly agent?: string;
  readonly workspace?: string;
  readonly group?: string;
}

/** The part that the user names, as the server takes it; undefined for the whole queue. */
export function readPart(options: PartOptions): Partial<Record<PartKind, string>> | undefined {
  const given = PART_KINDS.filter((kind) => options[kind] !== undefined);
  if (given.length > 1) throw usageError('Give one of --agent, --workspace and --group.');
  const [kind] = given;
  return kind === undefined ? undefined : namePart(kind, options[kind] ?? '');
}

/** A part as the server takes it: a directory by its absolute path. */
export function namePart(kind: PartKind, name: string): Partial<Record<PartKind, string>> {
  return { [kind]: kind === 'workspace' && !isId('workspace', name) ? resolve(name) : name };
}

/** `the group deploy`, or `the queue`. */
export function describePart(part: Partial<Record<PartKind, string>> | undefined): string {
  const kind = PART_KINDS.find((one) => part?.[one] !== undefined);
  return kind === undefined ? 'the queue' : `the ${kind} ${escapeControls(part?.[kind] ?? '')}`;
}

/** The options that name it, as the user would type them. */
export function partFlags(part: Partial<Record<PartKind, string>> | undefined): string {
  const kind = PART_KINDS.find((one) => part?.[one] !== undefined);
  return kind === undefined ? '' : ` --${kind} ${escapeControls(part?.[kind] ?? '')}`;
}
