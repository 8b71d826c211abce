import { getTRPCErrorFromUnknown, TRPCError } from '@trpc/server';
import type { Context } from './init.js';
import { jsonInput } from './json-input.js';
import { callProcedure, procedureNamed, shapeOf } from './procedures.js';
import { refuseAgent } from './refuse-agent.js';

/** A request for queries or for mutations, as tRPC's links write it. `path` and `search` are as in the URL. */
export interface CallRequest {
  readonly method: 'GET' | 'POST';
  /** Name of a procedure, or with `batch=1` of several, with commas between. */
  readonly path: string;
  readonly search: string;
  readonly body: string | undefined;
}

export interface CallAnswer {
  readonly status: number;
  readonly body: string;
}

/** Is told of every error before it is answered. */
export type OnError = (error: TRPCError, path: string) => void;

/** Different answers in one batch. */
const MULTI_STATUS = 207;

/**
 * Calls queries or mutations and gives the answer in tRPC's format; never rejects. In place of tRPC's adapter for Node,
 * which makes the objects of `fetch` and two web streams for every request and so takes three times as long.
 */
export async function callProcedures(request: CallRequest, ctx: Context, onError: OnError): Promise<CallAnswer> {
  const { method, path, search, body = '' } = request;
  const query = new URLSearchParams(search);
  const isBatch = query.get('batch') === '1';
  const inputs = jsonInput(method === 'GET' ? (query.get('input') ?? '') : body);

  const call = async (name: string, batchIndex: number) => {
    try {
      const procedure = procedureNamed(name);
      if (procedure === undefined) throw new TRPCError({ code: 'NOT_FOUND', message: `There is no ${name}.` });
      const { type } = procedure._def;
      refuseMethod(name, type, method);
      refuseAgent(ctx, name);
      ctx.server.noteWork(name);
      const input = isBatch ? memberOf(inputs(), batchIndex) : inputs();
      const data = await callProcedure(procedure, ctx, input);
      return { status: 200, item: { result: { data } } };
    } catch (cause) {
      const error = getTRPCErrorFromUnknown(cause);
      onError(error, name);
      const shape = shapeOf(error, name, ctx);
      return { status: shape.data.httpStatus, item: { error: shape } };
    }
  };
  if (!isBatch) {
    const { status, item } = await call(decoded(path), 0);
    return { status, body: JSON.stringify(item) };
  }
  const answers = await Promise.all(decoded(path).split(',').map(call));
  const statuses = new Set(answers.map(({ status }) => status));
  const [status = MULTI_STATUS] = statuses;
  return {
    status: statuses.size === 1 ? status : MULTI_STATUS,
    body: JSON.stringify(answers.map(({ item }) => item)),
  };
}

/** A path that cannot be decoded stays as it is, and names nothing. */
function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

function refuseMethod(name: string, type: string, method: 'GET' | 'POST'): void {
  const needed = type === 'mutation' ? 'POST' : 'GET';
  if (method === needed && type !== 'subscription') return;
  const message =
    type === 'subscription' ? `${name} is a stream; ask for it alone, with GET.` : `Use ${needed} for ${name}.`;
  throw new TRPCError({ code: 'METHOD_NOT_SUPPORTED', message });
}

function memberOf(inputs: unknown, index: number): unknown {
  return typeof inputs === 'object' && inputs !== null ? Reflect.get(inputs, String(index)) : undefined;
}
