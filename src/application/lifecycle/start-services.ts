import type { Logger } from '../ports/logger.js';
import type { Scope } from './scope.js';
import { LastingFault, type Service } from './service.js';
import type { ServiceBoard } from './service-board.js';
import { checkGraph } from './service-graph.js';

/** Pause before a service that failed is tried again, in milliseconds; it doubles up to the most. */
export const FIRST_RETRY_MS = 250;
export const MOST_RETRY_MS = 60_000;

/** A critical service did not start; `cause` is why. */
export class ServiceError extends Error {
  override readonly name = 'ServiceError';

  constructor(service: string, cause: unknown) {
    const why = cause instanceof Error ? cause.message : String(cause);
    super(`The server cannot run, because its service "${service}" did not start: ${why}`, { cause });
  }
}

export interface StartServicesOptions {
  /** The services close with it, in the reverse of the order in which they started. */
  readonly scope: Scope;
  readonly board: ServiceBoard;
  readonly logger: Pick<Logger, 'warn' | 'error'>;
}

/**
 * Starts every service as soon as what it needs is ready, side by side where it can. Resolves once the critical ones
 * are ready; the others go on meanwhile, are tried again when they fail, and all warm up from then on. When a critical
 * one fails, everything is closed again and a ServiceError tells which. Throws a ServiceGraphError before any start.
 */
export async function startServices(
  services: readonly Service[],
  { scope, board, logger }: StartServicesOptions,
): Promise<void> {
  checkGraph(services);
  const all = scope.child('services');
  const byName = new Map(services.map((service) => [service.name, service]));
  const starts = new Map<string, Promise<Scope>>();
  for (const { name } of services) board.set(name, 'waiting');

  /** Starts a service once, however many need it. Resolves with the scope that it lives in. */
  function started(name: string): Promise<Scope> {
    const known = starts.get(name);
    if (known !== undefined) return known;
    const start = startWhenReady(byName.get(name) as Service);
    starts.set(name, start);
    // Whoever waits for it is told; that nobody does is no fault.
    start.catch(() => {});
    return start;
  }

  async function startWhenReady(service: Service): Promise<Scope> {
    await Promise.all(service.needs.map(started));
    if (!service.critical) return persist(service.name, () => start(service));
    try {
      return await start(service);
    } catch (error) {
      board.set(service.name, 'failed');
      throw all.signal.aborted ? error : new ServiceError(service.name, error);
    }
  }

  function start(service: Service): Promise<Scope> {
    const { name } = service;
    board.set(name, 'starting');
    const own = all.child(name);
    showStop(name, own);
    return measured(name, 'startMs', () => run(own, (inner) => service.start(inner)));
  }

  async function warmUp(service: Service): Promise<void> {
    if (service.warmUp === undefined) return;
    const { name } = service;
    const own = await started(name);
    await persist(name, () =>
      measured(name, 'warmUpMs', () => run(own.child('warm-up'), (inner) => service.warmUp?.(inner))),
    );
  }

  async function measured(name: string, what: 'startMs' | 'warmUpMs', step: () => Promise<Scope>): Promise<Scope> {
    const done = board.measure(name, what);
    const opened = await step().finally(done);
    board.set(name, 'ready');
    return opened;
  }

  /** Runs one step in its scope, which stays open if it succeeds. Whoever closes the scope meanwhile waits for the step. */
  async function run(own: Scope, step: (own: Scope) => void | Promise<void>): Promise<Scope> {
    const running = (async () => step(own))();
    own.defer('what it is starting', () => running.catch(() => {}));
    try {
      await running;
      own.signal.throwIfAborted();
      return own;
    } catch (error) {
      await close(own);
      throw error;
    }
  }

  /** Tries until it succeeds, or nothing can mend it, or the services close; the service is shown as degraded then. */
  async function persist(name: string, attempt: () => Promise<Scope>): Promise<Scope> {
    for (let pauseMs = FIRST_RETRY_MS; ; pauseMs = Math.min(pauseMs * 2, MOST_RETRY_MS)) {
      try {
        return await attempt();
      } catch (error) {
        if (all.signal.aborted) throw error;
        if (error instanceof LastingFault) {
          board.set(name, 'degraded', error.message);
          logger.error('a service has a lasting fault', { service: name, error });
          throw error;
        }
        board.set(name, 'degraded');
        logger.warn('a service failed and is tried again', { service: name, pauseMs, error });
        await new Promise<void>((resolve) => all.after(`retry ${name}`, pauseMs, resolve));
      }
    }
  }

  function showStop(name: string, own: Scope): void {
    let done = () => {};
    own.signal.addEventListener('abort', () => {
      board.set(name, 'stopping');
      done = board.measure(name, 'stopMs');
    });
    // First in, so released after everything else.
    own.defer('its last line on the board', () => {
      done();
      board.set(name, 'stopped');
    });
  }

  async function close(part: Scope): Promise<void> {
    await part.close().catch((error: unknown) => {
      logger.error('what had failed to start did not close', { error });
    });
  }

  const running = services.map((service) => ({ service, start: started(service.name) }));
  try {
    await Promise.all(running.filter(({ service }) => service.critical).map(({ start: critical }) => critical));
  } catch (error) {
    await close(all);
    throw error;
  }
  for (const service of services) warmUp(service).catch(() => {});
}
