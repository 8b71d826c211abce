import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Application } from '../../application/application.js';
import { DomainError } from '../../domain/shared/domain-error.js';
import type { HookReceiver } from '../hooks/receive-hook.js';
import { ANSWERS } from '../trpc/error-map.js';
import type { Refusal } from './refusal.js';
import { sendJson } from './respond.js';
import { searchOf } from './routes.js';

const NAME = /^[\w-]{1,100}$/;

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
      id: nameIn(request, 'x-codewalkers-delivery'),
      run: nameIn(request, 'x-codewalkers-run'),
    });
    sendJson(response, 200, answer);
    return undefined;
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    const { httpStatus } = ANSWERS[error.code];
    return { status: httpStatus, reason: error.code, message: error.message };
  }
}

/** How `cw hook` names the event, which it may also have spooled, and the run it is in; HTTP hooks of agents name neither. */
function nameIn({ headers }: IncomingMessage, header: string): string | null {
  const name = headers[header];
  return typeof name === 'string' && NAME.test(name) ? name : null;
}
