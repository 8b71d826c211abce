import { TRPCClientError, type TRPCLink } from '@trpc/client';
import { observable, type Unsubscribable } from '@trpc/server/observable';
import type { AppRouter } from '../trpc/router.js';

/** A link that is loaded when it is first used, and whose subscriptions can all be ended. */
export function createLazyLink(load: () => Promise<TRPCLink<AppRouter>>): {
  readonly link: TRPCLink<AppRouter>;
  /** Ends every subscription, as if the server had. */
  end(): void;
} {
  let loading: Promise<TRPCLink<AppRouter>> | undefined;
  const ends = new Set<() => void>();

  const link: TRPCLink<AppRouter> = (runtime) => (call) =>
    observable((observer) => {
      let running: Unsubscribable | undefined;
      let isOver = false;
      const end = () => {
        observer.complete();
      };
      ends.add(end);
      loading ??= load();
      loading.then(
        (loaded) => {
          if (!isOver) running = loaded(runtime)(call).subscribe(observer);
        },
        (error: unknown) => {
          observer.error(TRPCClientError.from(error instanceof Error ? error : new Error(String(error))));
        },
      );
      return () => {
        isOver = true;
        ends.delete(end);
        running?.unsubscribe();
      };
    });

  return {
    link,
    end() {
      for (const end of [...ends]) end();
    },
  };
}
