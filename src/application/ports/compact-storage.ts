/** What compacting did to the file, in bytes. */
export interface Compacted {
  readonly bytesBefore: number;
  readonly bytesAfter: number;
}

/**
 * Writes the storage anew without anything that was deleted from it: not a byte of that is left in its files. Writes wait
 * meanwhile; reads do not. Throws `unavailable` when it cannot be done now. A dry run only says what it would do: it
 * knows of whole pages that are free, and not of what else would go.
 */
export type CompactStorage = (options: { readonly dryRun: boolean }) => Promise<Compacted>;
