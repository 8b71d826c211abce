import { z } from 'zod';

/*
 * Agents send what they like: a field that is not as expected counts as one that is absent, so that nothing that an agent
 * says can break a turn.
 */
export const looseText = z.string().nullish().catch(undefined);
export const looseNumber = z.number().nullish().catch(undefined);

/** A list of what these are, without the entries that are something else. */
export function looseList<T extends z.ZodType>(entry: T) {
  return z
    .array(z.unknown())
    .catch([])
    .transform((all) =>
      all.flatMap((one): z.output<T>[] => {
        const { success, data } = entry.safeParse(one);
        return success ? [data] : [];
      }),
    );
}
