import { isDeepStrictEqual } from 'node:util';
import { parse, TomlError } from 'smol-toml';
import { messageOf } from '../../../domain/shared/thrown.js';
import { ConfigurationError } from '../../../environment.js';
import { isObject, notAn } from './json-text.js';
import { foreignEntry, isOurEntry, MCP_NAME } from './mcp-entry.js';

/**
 * Our entry in settings in TOML: one table, written as text at the end, found again by its header. Whatever is written is
 * parsed and compared before: nothing but our entry may have changed its meaning.
 */

const SERVERS = 'mcp_servers';
const HEADER = `[${SERVERS}.${MCP_NAME}]`;
const NOTE = '# Written by `cw connect`; `cw connect codex --remove` takes it away.';

type Entry = Readonly<Record<string, unknown>>;

/** Has the document hold our entry with these words, and the data directory among its variables if one is named. */
export function setTomlEntry(
  text: string,
  file: string,
  [command, ...args]: readonly [string, ...string[]],
  home: string | null,
): string {
  const wanted = { command, args, ...(home === null ? {} : { env: { CW_HOME: home } }) };
  const { document, entry } = read(text, file);
  if (entry !== undefined && !isOurEntry(entry)) throw foreignEntry(file);
  const { command: _, args: __, env: ___, ...added } = entry ?? {};
  const merged = { ...wanted, ...added };
  if (isDeepStrictEqual(entry, merged)) return text;
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  const lines = Object.entries(wanted).map(([key, value]) => `${key} = ${inline(value)}`);
  const found = findTable(text);
  const changed =
    found === undefined
      ? append(text, [NOTE, HEADER, ...lines].join(eol), eol)
      : text.slice(0, found.start) +
        [HEADER, ...lines, ...found.lines.filter((line) => !/^\s*(command|args|env)\s*=/.test(line))].join(eol) +
        text.slice(found.end);
  return checked(changed, file, withEntry(document, merged));
}

/** Takes our entry away; one that is not ours stays. */
export function removeTomlEntry(text: string, file: string): string {
  const { document, entry } = read(text, file);
  if (entry === undefined || !isOurEntry(entry)) return text;
  const found = findTable(text);
  if (found === undefined) throw unsafe(file);
  const before = text.slice(0, found.start).replace(new RegExp(`(\\r?\\n)?${escape(NOTE)}\\r?\\n$`), '');
  const after = text.slice(found.end).replace(/^\r?\n/, '');
  return checked(before + after, file, withEntry(document, undefined));
}

function read(text: string, file: string): { readonly document: Entry; readonly entry: Entry | undefined } {
  const document = parsed(text, file);
  const servers = document[SERVERS];
  if (servers === undefined) return { document, entry: undefined };
  if (!isObject(servers)) throw notAn('object', SERVERS, file);
  const entry = servers[MCP_NAME];
  if (entry !== undefined && !isObject(entry)) throw foreignEntry(file);
  return { document, entry };
}

function parsed(text: string, file: string): Entry {
  try {
    return parse(text);
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    const [what = messageOf(error)] = error.message.split('\n');
    throw new ConfigurationError(
      `${file} is not valid TOML: ${what.replace(/^Invalid TOML document: /, '')} in line ${error.line}. Correct it first; nothing was written.`,
    );
  }
}

/** Our table: from its header to its last line that says something. */
function findTable(
  text: string,
): { readonly start: number; readonly end: number; readonly lines: string[] } | undefined {
  const start = new RegExp(`^${escape(HEADER)}[ \\t]*\\r?$`, 'm').exec(text)?.index;
  if (start === undefined) return undefined;
  const body = /^[^\n]*(?:\n(?![ \t]*(?:\[|#|\r?\n|$))[^\n]*)*/.exec(text.slice(start))?.[0] ?? '';
  const trimmed = body.replace(/\r$/, '');
  return { start, end: start + trimmed.length, lines: trimmed.split(/\r?\n/).slice(1) };
}

function append(text: string, table: string, eol: string): string {
  if (text.trim() === '') return `${text}${table}${eol}`;
  const end = text.endsWith('\n') ? '' : eol;
  return `${text}${end}${eol}${table}${eol}`;
}

function checked(text: string, file: string, expected: Entry): string {
  try {
    if (isDeepStrictEqual(plain(parse(text)), plain(expected))) return text;
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
  }
  throw unsafe(file);
}

/** Without prototypes, with dates as their text and no matter whether there is an empty table of servers: to compare. */
function plain(document: Entry): unknown {
  return JSON.parse(JSON.stringify({ ...document, [SERVERS]: { ...(document[SERVERS] as Entry | undefined) } }));
}

function withEntry(document: Entry, entry: Entry | undefined): Entry {
  const { [MCP_NAME]: _, ...others } = (document[SERVERS] ?? {}) as Entry;
  return { ...document, [SERVERS]: entry === undefined ? others : { ...others, [MCP_NAME]: entry } };
}

/** Strings and what is made of them; JSON's strings are TOML's basic strings. */
function inline(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(inline).join(', ')}]`;
  if (isObject(value)) {
    return `{ ${Object.entries(value)
      .map(([key, each]) => `${key} = ${inline(each)}`)
      .join(', ')} }`;
  }
  return JSON.stringify(value);
}

function escape(literal: string): string {
  return literal.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
}

function unsafe(file: string): ConfigurationError {
  return new ConfigurationError(
    `${file} is written in a way that cannot be changed safely. Edit ${HEADER} by hand; nothing was written.`,
  );
}
