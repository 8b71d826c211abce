import { type AnyTRPCProcedure, getTRPCErrorShape, type TRPCError } from '@trpc/server';
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

/** An error as it goes to the client. */
export function shapeOf(error: TRPCError, path: string, ctx: Context) {
  const type = PROCEDURES.get(path)?._def.type ?? 'unknown';
  return getTRPCErrorShape({ config: appRouter._def._config, error, type, path, input: undefined, ctx });
}
