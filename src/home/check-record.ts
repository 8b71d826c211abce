import { z } from 'zod';
import { readPrivateFile, writePrivateFile } from './private-file.js';

/** When the database was last read through, in milliseconds since 1970, and what was wrong with it then. */
const CheckRecord = z.object({ checkedAt: z.int(), faults: z.array(z.string()) });
type CheckRecord = z.infer<typeof CheckRecord>;

/** It stands outside the database, which may be what is damaged. */
export async function writeCheck(file: string, record: CheckRecord): Promise<void> {
  await writePrivateFile(file, JSON.stringify(record));
}

/** The last check; undefined if there was none, or the file cannot be understood: then it is time for one. */
export async function readCheck(file: string): Promise<CheckRecord | undefined> {
  try {
    const text = await readPrivateFile(file);
    return text === null ? undefined : CheckRecord.parse(JSON.parse(text));
  } catch {
    // Whatever it is, a new check replaces it.
    return undefined;
  }
}
