import type { IncomingMessage, ServerResponse } from 'node:http';
import { nodeHTTPRequestHandler } from '@trpc/server/adapters/node-http';
import type { Logger } from '../../application/ports/logger.js';
import { isBug } from '../trpc/error-map.js';
import type { Context } from '../trpc/init.js';
import { appRouter } from '../trpc/router.js';
import { MAX_BATCH } from './gate.js';

/** Answers an API request whose body has been read. */
export function answerTrpc(
  request: IncomingMessage,
  response: ServerResponse,
  path: string,
  body: string | undefined,
  context: Context,
  logger: Logger,
): void {
  // It never rejects, and resolves only for a client that stays to the end: nobody waits for it.
  void nodeHTTPRequestHandler({
    router: appRouter,
    req: Object.assign(request, { body }),
    res: response,
    path,
    createContext: async () => context,
    maxBatchSize: MAX_BATCH,
    onError({ error, path: procedure }) {
      if (isBug(error)) logger.error('a request met a bug', { procedure, error: error.cause ?? error });
    },
  });
}
