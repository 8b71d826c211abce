import { TRPCError } from '@trpc/server';

/** Parses a JSON text when it is first asked for, once; an empty one is no input. Throws a TRPCError. */
export function jsonInput(text: string): () => unknown {
  let parsed: { readonly value: unknown } | undefined;
  return () => {
    try {
      parsed ??= { value: text === '' ? undefined : JSON.parse(text) };
    } catch (cause) {
      throw new TRPCError({ code: 'PARSE_ERROR', cause });
    }
    return parsed.value;
  };
}
