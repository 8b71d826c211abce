import { z } from 'zod';
import type { FileDiff, PlanEntry } from '../../../application/ports/agent-update.js';

/** Longest title of a tool call, in UTF-16 code units: one line of a wide terminal. */
const TITLE_LENGTH = 200;
/** Fields of an input that say best what a tool is to do, the best first. */
const TELLING = ['command', 'file_path', 'notebook_path', 'url', 'query', 'pattern', 'path', 'subject', 'description'];

const Fields = z.record(z.string(), z.unknown()).catch({});
const Todos = z.object({
  todos: z
    .array(
      z.object({
        content: z.string(),
        status: z.enum(['pending', 'in_progress', 'completed']).catch('pending'),
      }),
    )
    .catch([]),
});
const Change = z.object({
  filePath: z.string(),
  originalFile: z.string().nullish(),
  content: z.string().optional(),
  oldString: z.string().optional(),
  newString: z.string().optional(),
  replaceAll: z.boolean().optional(),
});
const TextPart = z.object({ type: z.literal('text'), text: z.string() });

/** One line for a person. */
export function toolTitle(name: string, input: unknown): string {
  const fields = Fields.parse(input);
  const telling = TELLING.map((field) => fields[field]).find((value) => typeof value === 'string' && value !== '');
  const [line = ''] = typeof telling === 'string' ? telling.split('\n') : [name];
  return line.length > TITLE_LENGTH ? `${line.slice(0, TITLE_LENGTH)} …` : line;
}

/** The list of things to do, where a tool's input is one. */
export function planOf(name: string, input: unknown): PlanEntry[] | null {
  if (name !== 'TodoWrite') return null;
  const { success, data } = Todos.safeParse(input);
  return success ? data.todos.map(({ content, status }) => ({ text: content, status })) : null;
}

/** A result's text; what is not text is named by its kind. */
export function toolOutput(content: unknown): string {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return '';
  return content
    .map((part) => {
      const { success, data } = TextPart.safeParse(part);
      return success ? data.text : '[not text]';
    })
    .join('\n');
}

/** What Write and Edit told of the file that they changed. */
export function toolDiffs(result: unknown): FileDiff[] {
  const { success, data } = Change.safeParse(result);
  if (!success) return [];
  const { filePath: path, originalFile, content, oldString, newString, replaceAll } = data;
  const before = originalFile ?? null;
  if (content !== undefined && newString === undefined) return [{ path, before, after: content }];
  if (oldString === undefined || newString === undefined) return [];
  if (before === null) return [{ path, before: oldString === '' ? null : oldString, after: newString }];
  // By functions: `$&` in a text is no pattern.
  const after = replaceAll ? before.replaceAll(oldString, () => newString) : before.replace(oldString, () => newString);
  return [{ path, before, after }];
}
