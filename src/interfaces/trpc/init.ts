import { initTRPC } from '@trpc/server';
import { TRPC_ERROR_CODES_BY_KEY } from '@trpc/server/rpc';
import type { Application } from '../../application/application.js';
import type { ServerInfo } from '../http/server-info.js';
import { explainError } from './error-map.js';

/** What every procedure is given. */
export interface Context {
  /** For an agent's token confined to what it reaches. */
  readonly app: Application;
  /** Whether an agent asks, with its token; it may call what `refuseAgent` lets through. */
  readonly isAgent: boolean;
  readonly server: ServerInfo;
  /** Aborted when the server stops serving: streams are cut, and resume at its successor. */
  readonly closing: AbortSignal;
}

/**
 * A client reconnects a subscription for ever when it ends with JSON-RPC's "internal error", which tRPC writes for a
 * bug as well as for `unavailable`. For a bug, trying again only repeats it, so it gets another number.
 */
const FINAL_ERROR_NUMBER = TRPC_ERROR_CODES_BY_KEY.CLIENT_CLOSED_REQUEST;

const t = initTRPC.context<Context>().create({
  isDev: false,
  errorFormatter({ shape, error, type }) {
    const { code, httpStatus = shape.data.httpStatus, reason, message } = explainError(error);
    const isFinal = type === 'subscription' && reason === null;
    return {
      message,
      code: isFinal ? FINAL_ERROR_NUMBER : TRPC_ERROR_CODES_BY_KEY[code],
      data: { ...shape.data, code, httpStatus, reason },
    };
  },
});

export const { router, procedure } = t;
