import { closeSync, openSync, readSync } from 'node:fs';
import { APPLICATION_ID } from './open-database.js';

/** What the first bytes of a database say of it (sqlite.org/fileformat.html). */
export interface DatabaseHeader {
  readonly isOurs: boolean;
  /** The size that the file should have at least, in bytes; 0 where the header does not know. */
  readonly bytes: number;
}

const HEADER_BYTES = 100;
const START = Buffer.from('SQLite format 3\0');

/** Reads it without SQLite, so that nothing is changed; undefined for what is no database. */
export function readHeader(file: string): DatabaseHeader | undefined {
  const header = Buffer.alloc(HEADER_BYTES);
  const handle = openSync(file, 'r');
  try {
    if (readSync(handle, header, 0, HEADER_BYTES, 0) < HEADER_BYTES) return undefined;
  } finally {
    closeSync(handle);
  }
  if (!header.subarray(0, START.length).equals(START)) return undefined;
  // 1 stands for 65,536, which does not fit.
  const pageSize = header.readUInt16BE(16) === 1 ? 65_536 : header.readUInt16BE(16);
  const isCounted = header.readUInt32BE(24) === header.readUInt32BE(92);
  return {
    isOurs: header.readUInt32BE(68) === APPLICATION_ID,
    bytes: isCounted ? header.readUInt32BE(28) * pageSize : 0,
  };
}
