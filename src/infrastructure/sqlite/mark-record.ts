import { crc32 } from 'node:zlib';
import type { Durability } from './open-database.js';

/** What stands in a mark: how far the log had been committed, and under which promise. */
export interface MarkRecord {
  readonly position: number;
  readonly durability: Durability;
  /** The boot of the machine under which it was written: 32 hex digits, or null where it is not known. */
  readonly bootId: string | null;
  /** Counts writes; the slot with the greater one is the newer. */
  readonly sequence: number;
}

/** Two slots, written in turn, a sector apart: a write that is torn leaves the other one whole. In bytes. */
export const SLOT_SPACING = 512;
export const RECORD_BYTES = 64;
const MAGIC = 0x43574d31;
const NO_BOOT = '0'.repeat(32);
const PLACE = { magic: 0, full: 4, sequence: 8, position: 16, boot: 24, checksum: 60 } as const;

/** Writes the record into a buffer of RECORD_BYTES, which may be used again and again. */
export function encodeMark({ position, durability, bootId, sequence }: MarkRecord, into: Buffer): void {
  into.writeUInt32BE(MAGIC, PLACE.magic);
  into.writeUInt32BE(durability === 'full' ? 1 : 0, PLACE.full);
  into.writeDoubleBE(sequence, PLACE.sequence);
  into.writeDoubleBE(position, PLACE.position);
  into.write(bootId ?? NO_BOOT, PLACE.boot, 'hex');
  into.writeUInt32BE(crc32(into.subarray(0, PLACE.checksum)), PLACE.checksum);
}

/** The newest whole record of a mark file; undefined when there is none. */
export function decodeMark(file: Buffer): MarkRecord | undefined {
  return [0, SLOT_SPACING]
    .map((start) => decodeSlot(file.subarray(start, start + RECORD_BYTES)))
    .filter((record) => record !== undefined)
    .sort((a, b) => b.sequence - a.sequence)[0];
}

function decodeSlot(slot: Buffer): MarkRecord | undefined {
  if (slot.length < RECORD_BYTES || slot.readUInt32BE(PLACE.magic) !== MAGIC) return undefined;
  if (slot.readUInt32BE(PLACE.checksum) !== crc32(slot.subarray(0, PLACE.checksum))) return undefined;
  const boot = slot.toString('hex', PLACE.boot, PLACE.boot + 16);
  return {
    position: slot.readDoubleBE(PLACE.position),
    durability: slot.readUInt32BE(PLACE.full) === 1 ? 'full' : 'normal',
    bootId: boot === NO_BOOT ? null : boot,
    sequence: slot.readDoubleBE(PLACE.sequence),
  };
}
