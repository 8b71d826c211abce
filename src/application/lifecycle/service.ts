import type { Scope } from './scope.js';

/** One part of the server that starts and stops. docs/services.md shows how to add one. */
export interface Service {
  readonly name: string;
  /** Names of the services that must be ready before this one starts; they stop after it. */
  readonly needs: readonly string[];
  /** Without a critical one there is no server. Another one is tried again while the server works without it. */
  readonly critical: boolean;
  /** Opens what the service is made of; the scope gives it back when the service stops, or when this throws. */
  start(scope: Scope): void | Promise<void>;
  /** What the service can do once the server answers: checking, pruning, filling up. */
  warmUp?(scope: Scope): void | Promise<void>;
}

/**
 * Thrown by a warm-up that found what no other try will mend. The service works on and is shown as degraded, with this
 * sentence as its problem.
 */
export class LastingFault extends Error {
  override readonly name = 'LastingFault';
}

/** A service that gives something to those that need it. */
export interface Provider<T> extends Service {
  /** What it gives; asked for by a service that does not need this one, it may not be there yet: a bug, and thrown. */
  provided(): T;
  /** The same, or undefined before it has started. */
  providedYet(): T | undefined;
}

/** Makes a service whose start gives the thing that it provides. */
export function provider<T>(service: Omit<Service, 'start'> & { start(scope: Scope): T | Promise<T> }): Provider<T> {
  let given: { readonly thing: T } | undefined;
  return {
    ...service,
    async start(scope) {
      given = { thing: await service.start(scope) };
    },
    provided() {
      if (given === undefined) throw new Error(`${service.name} has not started; name it among the needs.`);
      return given.thing;
    },
    providedYet: () => given?.thing,
  };
}
