import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Application } from '../../application/application.js';
import { DomainError } from '../../domain/shared/domain-error.js';
import type { HookReceiver } from '../hooks/receive-hook.js';
import { ANSWERS } from '../trpc/error-map.js';
import type { Refusal } from './refusal.js';
import { sendJson } from './respond.js';
import { searchOf } from './routes.js';

const DELIVERY = /^[\w-]{1,100}$/;

/** Answers `POST /hooks/<event>`, whose body has been read: with an object for the agent, or with a refusal. */
export async function answerHook(
  request: IncomingMessage,
  response: ServerResponse,
  name: string,
  bytes: Buffer,
  { app, hooks }: { readonly app: Application; readonly hooks: HookReceiver },
): Promise<Refusal | undefined> {
  const source = new URLSearchParams(searchOf(request.url ?? '')).get('source');
  try {
    const answer = await hooks.receiveBytes(app, {
      name,
      source,
      bytes,
      at: undefined,
      id: deliveryOf(request),
    });
    sendJson(response, 200, answer);
    return undefined;
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    const { httpStatus } = ANSWERS[error.code];
    return { status: httpStatus, reason: error.code, message: error.message };
  }
}

/** How `cw hook` names the event, which it may also have spooled; HTTP hooks of agents name none. */
function deliveryOf({ headers }: IncomingMessage): string | null {
  const id = headers['x-codewalkers-delivery'];
  return typeof id === 'string' && DELIVERY.test(id) ? id : null;
}
