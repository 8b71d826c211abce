import type { Application } from '../../application/application.js';
import type { HookSpool } from '../../application/ports/hook-spool.js';
import type { Logger } from '../../application/ports/logger.js';
import { DomainError } from '../../domain/shared/domain-error.js';
import { messageOf } from '../../domain/shared/thrown.js';
import type { HookReceiver } from './receive-hook.js';

export interface DrainSpool {
  readonly spool: HookSpool;
  readonly hooks: HookReceiver;
  readonly app: Application;
  readonly logger: Pick<Logger, 'info' | 'warn'>;
}

/**
 * Takes in what hooks have spooled while no server answered, then whatever comes while this one is frozen or too busy,
 * until the signal is aborted. A file goes when what it told is on disk, so it may be taken twice, and counts once.
 * `rest` is how long to wait after the storage has refused.
 */
export async function drainSpool(needs: DrainSpool, signal: AbortSignal, rest: () => Promise<void>): Promise<void> {
  const { spool, logger } = needs;
  const isOver = () => signal.aborted;
  while (!isOver()) {
    // Armed before the list, so that no file can come in between; given up when the list was not empty.
    const waiting = new AbortController();
    const giveUp = () => waiting.abort();
    signal.addEventListener('abort', giveUp, { once: true });
    const grown = spool.grown(waiting.signal);
    const names = await spool.list();
    let taken = 0;
    for (const name of names) {
      if (isOver() || !(await take(name, needs))) break;
      taken += 1;
    }
    if (taken > 0) logger.info('took in what hooks had spooled', { events: taken });
    if (names.length === 0) await grown;
    giveUp();
    signal.removeEventListener('abort', giveUp);
    if (taken < names.length && !isOver()) await rest();
  }
}

/** False when it is not the event's fault and the same would happen to the next one. */
async function take(name: string, { spool, hooks, app, logger }: DrainSpool): Promise<boolean> {
  const hook = await spool.read(name);
  try {
    if (hook === undefined) throw new DomainError('invalid_input', 'It is no event of a hook.');
    await hooks.receive(app, hook);
  } catch (error) {
    if (error instanceof DomainError && error.code === 'unavailable') return false;
    logger.warn('a spooled event of a hook cannot be used', { file: name, reason: messageOf(error) });
    await spool.reject(name);
    return true;
  }
  await spool.remove(name);
  return true;
}
