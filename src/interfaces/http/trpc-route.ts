import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Logger } from '../../application/ports/logger.js';
import { callProcedures, type OnError } from '../trpc/call-procedures.js';
import { isBug } from '../trpc/error-map.js';
import type { Context } from '../trpc/init.js';
import { isSubscription, PING, streamProcedure } from '../trpc/stream-procedure.js';
import { writeEventStream } from './event-stream.js';
import { sendText } from './respond.js';
import { searchOf } from './routes.js';

/** Answers an API request whose body has been read. */
export async function answerTrpc(
  request: IncomingMessage,
  response: ServerResponse,
  path: string,
  body: string | undefined,
  context: Context,
  logger: Logger,
): Promise<void> {
  const logBug: OnError = (error, procedure) => {
    if (isBug(error)) logger.error('a request met a bug', { procedure, error: error.cause ?? error });
  };
  const search = searchOf(request.url ?? '');
  if (body === undefined && isSubscription(path)) {
    const lastEventId = request.headers['last-event-id']?.toString();
    await writeEventStream(response, PING, (left) =>
      streamProcedure({ path, search, lastEventId }, context, left, logBug),
    );
    return;
  }
  const method = body === undefined ? 'GET' : 'POST';
  const answer = await callProcedures({ method, path, search, body }, context, logBug);
  sendText(response, answer.status, answer.body);
}
