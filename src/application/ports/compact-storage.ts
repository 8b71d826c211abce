/** What compacting did to the file, in bytes. */
export interface Compacted {
  readonly bytesBefore: number;
  readonly bytesAfter: number;
}

/**
 * Writes the storage anew without anything that was deleted from it: not a byte of that is left in its files. Writes wait
 * meanwhile; reads do not. Throws `unavailable` when it cannot be done now.
 */
export type CompactStorage = () => Promise<Compacted>;
