import { closeSync, openSync, readSync } from 'node:fs';
import { z } from 'zod';
import type { FilePlace, RecordBatch } from '../../application/ports/memory-file.js';
import { MEMORY_FILE, MemoryRecord } from '../../domain/memory/memory-record.js';
import { redactText } from '../../domain/privacy/redact-text.js';
import { DomainError } from '../../domain/shared/domain-error.js';
import { messageOf } from '../../domain/shared/thrown.js';

/** Longest line, in bytes: an observation or a prompt with all it may have, many times over. */
const MAX_LINE = 8 * 1_048_576;
/** Bytes that are read at a time. */
const CHUNK = 1_048_576;
/** Records of a batch: they are one transaction, for which others wait some 20 ms. */
const MAX_BATCH = 100;

const Header = z.object({ format: z.literal(MEMORY_FILE.format), version: z.int() });

/** Reads every line and keeps none; says how many records there are. For a worker thread. */
export function checkRecords({ file }: { readonly file: string }): { records: number } {
  let records = 0;
  for (const { text, line } of linesOf(file, { offset: 0, line: 1 })) {
    if (line === 1) checkHeader(text, file);
    else {
      parse(text, line, file);
      records += 1;
    }
  }
  if (records === 0) checkNotEmpty(file);
  return { records };
}

/** Reads a batch of records from a place on. For a worker thread. */
export function readRecords({ file, from }: { readonly file: string; readonly from: FilePlace }): RecordBatch {
  const records: { line: number; record: MemoryRecord }[] = [];
  for (const { text, line, offset } of linesOf(file, from)) {
    if (line === 1) continue;
    if (records.length === MAX_BATCH) return { records, next: { offset, line } };
    records.push({ line, record: withoutSecrets(parse(text, line, file)) });
  }
  return { records, next: null };
}

interface Line extends FilePlace {
  readonly text: string;
}

function* linesOf(file: string, { offset: start, line: first }: FilePlace): Generator<Line> {
  const handle = open(file);
  try {
    let [rest, offset, line] = [Buffer.alloc(0), start, first];
    for (let at = start; ; ) {
      const chunk = Buffer.alloc(CHUNK);
      const length = readSync(handle, chunk, 0, CHUNK, at);
      at += length;
      rest = Buffer.concat([rest, chunk.subarray(0, length)]);
      for (let end = rest.indexOf(10); end >= 0; end = rest.indexOf(10)) {
        yield { text: rest.toString('utf8', 0, end), offset, line };
        offset += end + 1;
        line += 1;
        rest = rest.subarray(end + 1);
      }
      if (rest.length > MAX_LINE) throw unreadable(file, line, `it is longer than ${String(MAX_LINE)} bytes`);
      if (length > 0) continue;
      if (rest.length > 0) throw unreadable(file, line, 'it ends in the middle, as a file that was cut off does');
      return;
    }
  } finally {
    closeSync(handle);
  }
}

function open(file: string): number {
  try {
    return openSync(file, 'r');
  } catch (error) {
    throw new DomainError('invalid_input', `${file} cannot be read: ${messageOf(error)}.`);
  }
}

function checkHeader(text: string, file: string): void {
  const header = Header.safeParse(json(text));
  if (!header.success)
    throw new DomainError('invalid_input', `${file} is no file of memory: its first line does not say so.`);
  const { version } = header.data;
  if (version === MEMORY_FILE.version) return;
  const advice = version > MEMORY_FILE.version ? 'upgrade to import it' : 'it is too old to be imported';
  throw new DomainError(
    'invalid_input',
    `${file} is of version ${String(version)} and this program reads version ${String(MEMORY_FILE.version)}; ${advice}.`,
  );
}

/** A file without a line has no header either. */
function checkNotEmpty(file: string): void {
  for (const _line of linesOf(file, { offset: 0, line: 1 })) return;
  throw new DomainError('invalid_input', `${file} is empty.`);
}

function parse(text: string, line: number, file: string): MemoryRecord {
  const value = json(text);
  if (value === undefined) throw unreadable(file, line, 'it is not valid JSON');
  const checked = MemoryRecord.safeParse(value);
  if (!checked.success)
    throw unreadable(file, line, 'it is no workspace, session, prompt or observation as this version writes them');
  return checked.data;
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function unreadable(file: string, line: number, why: string): DomainError {
  return new DomainError(
    'invalid_input',
    `Line ${String(line)} of ${file} cannot be read: ${why}. Nothing was imported.`,
  );
}

function withoutSecrets(record: MemoryRecord): MemoryRecord {
  if ('prompt' in record) return { prompt: { ...record.prompt, text: redactText(record.prompt.text) } };
  if ('session' in record) return { session: { ...record.session, title: redactText(record.session.title) } };
  if ('workspace' in record) return record;
  const { title, narrative, facts } = record.observation;
  return {
    observation: {
      ...record.observation,
      title: redactText(title),
      narrative: redactText(narrative),
      facts: facts.map(redactText),
    },
  };
}
