import { plainText } from './excerpt.js';
import { isObject, objectOf } from './tool-input.js';

/** What a tool answered. `exitCode` is null where it told none. */
export interface ToolResult {
  readonly text: string;
  readonly exitCode: number | null;
}

/** Characters of an answer that are looked at, at its start and at its end: what a report's totals stand in. */
const HEAD = 8_000;
const TAIL = 24_000;

/** A line's characters that are looked at: patterns are tried at each place of it, so that long lines cost their square. */
const LINE = 300;

/** How the agents write an exit code into the text of an answer. */
const EXIT_CODES = [
  /^(?:Error: )?Exit code:? (\d{1,3})\b/u,
  /^Exit Code: (\d{1,3})$/mu,
  /Process exited with code (\d{1,3})\b/u,
  /\bexit(?:ed with)?(?: status| code)(?: of)?:? (\d{1,3})\b/u,
];

/** Where an answer keeps its text, in the order of preference. */
const TEXT_FIELDS = [
  'llmContent',
  'aggregated_output',
  'aggregatedOutput',
  'formatted_output',
  'output',
  'text',
  'error',
  'message',
];
const EXIT_FIELDS = ['exit_code', 'exitCode', 'exit', 'code'];

/** Reads an answer: text, or the JSON of an agent's answer with text in one of the fields we know. */
export function readToolResult(result: string): ToolResult {
  const fields = objectOf(result);
  const text = tidyLines(plainText(bothEnds(fields === undefined ? result : textIn(fields))));
  const told = fields === undefined ? null : exitCodeIn(fields);
  return { text: withoutWrapping(text), exitCode: told ?? exitCodeOf(text) };
}

function bothEnds(text: string): string {
  return text.length <= HEAD + TAIL ? text : `${text.slice(0, HEAD)}\n${text.slice(-TAIL)}`;
}

/** Without empty lines and blanks at the ends of lines: a pattern for the start of a line can then not run on for ever. */
function tidyLines(text: string): string {
  return text
    .split('\n')
    .map((line) => line.slice(0, LINE).trimEnd())
    .filter((line) => line !== '')
    .join('\n');
}

function textIn(fields: Record<string, unknown>): string {
  const streams = [fields['stdout'], fields['stderr']].filter((one) => typeof one === 'string' && one !== '');
  if (streams.length > 0) return streams.join('\n');
  for (const name of TEXT_FIELDS) {
    const text = textOf(fields[name]);
    if (text !== '') return text;
  }
  return textOf(fields['content']);
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  if (Array.isArray(value))
    return value.map((part) => (isObject(part) ? textOf(part['text']) : textOf(part))).join('\n');
  return isObject(value) ? textIn(value) : '';
}

function exitCodeIn(fields: Record<string, unknown>): number | null {
  for (const name of EXIT_FIELDS) {
    const value = fields[name];
    if (typeof value === 'number' && Number.isInteger(value)) return value;
  }
  const { metadata } = fields;
  return isObject(metadata) ? exitCodeIn(metadata) : null;
}

function exitCodeOf(text: string): number | null {
  for (const pattern of EXIT_CODES) {
    const code = pattern.exec(text)?.[1];
    if (code !== undefined) return Number(code);
  }
  return null;
}

/** Without what an agent puts around a command's output. */
function withoutWrapping(text: string): string {
  return text
    .replace(/^(?:Error: )?Exit code:? \d{1,3}\n?/u, '')
    .replace(/^<untrusted_context>\n?/u, '')
    .replace(/^(?:Chunk ID|Wall time|Process exited|Original token count)[^\n]*\n/gmu, '')
    .replace(/^Output: ?\n?/mu, '')
    .replace(/^(?:Exit Code|Process Group PGID|Background PIDs|Signal|Error): (?:\d+|\(none\))$/gmu, '')
    .replace(/<\/untrusted_context>\s*$/u, '');
}
