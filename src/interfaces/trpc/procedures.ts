import { type AnyTRPCProcedure, getTRPCErrorShape, TRPCError } from '@trpc/server';
import type { ZodType } from 'zod';
import type { Context } from './init.js';
import { appRouter } from './router.js';

const PROCEDURES = new Map<string, AnyTRPCProcedure>(
  // The record is flat, `task.get` and so on, whatever its type says.
  Object.entries(appRouter._def.procedures as unknown as Record<string, AnyTRPCProcedure>),
);

/** The procedure of this name, as it stands in URLs: `task.get`. */
export function procedureNamed(name: string): AnyTRPCProcedure | undefined {
  return PROCEDURES.get(name);
}

/** What a query or mutation was built from: what it takes, what it gives, and what is called between. */
interface Parts {
  readonly inputs: readonly ZodType[];
  readonly output?: ZodType;
  readonly middlewares: readonly unknown[];
  readonly resolver: (options: { readonly ctx: Context; readonly input: unknown }) => unknown;
}

/**
 * Calls a query or a mutation, its input and its answer held to their schemas as tRPC does. tRPC walks a chain of
 * middlewares, one for each of the three steps, that copies all it knows at every step, and parses asynchronously,
 * which keeps zod from its compiled parsers: together more than all else that a call costs outside the database.
 */
export async function callProcedure(procedure: AnyTRPCProcedure, ctx: Context, rawInput: unknown): Promise<unknown> {
  const { inputs, output, middlewares, resolver } = procedure._def as unknown as Parts;
  const steps = inputs.length + (output === undefined ? 0 : 1) + 1;
  if (middlewares.length !== steps || inputs.length > 1) throw new Error('A procedure has a middleware of its own.');
  const [schema] = inputs;
  const parsed = schema?.safeParse(rawInput);
  if (parsed?.success === false) throw new TRPCError({ code: 'BAD_REQUEST', cause: parsed.error });
  const given = await resolver({ ctx, input: parsed?.data });
  if (output === undefined) return given;
  const answer = output.safeParse(given);
  if (answer.success) return answer.data;
  throw new TRPCError({ code: 'INTERNAL_SERVER_ERROR', message: 'Output validation failed', cause: answer.error });
}

/** An error as it goes to the client. */
export function shapeOf(error: TRPCError, path: string, ctx: Context) {
  const type = PROCEDURES.get(path)?._def.type ?? 'unknown';
  return getTRPCErrorShape({ config: appRouter._def._config, error, type, path, input: undefined, ctx });
}
