import { httpSubscriptionLink, type TRPCLink } from '@trpc/client';
import { EventSource } from 'eventsource';
import type { AppRouter } from '../trpc/router.js';
import { BASE_URL } from './call-fetch.js';
import type { Connection } from './connection.js';
import { createStreamFetch } from './stream-fetch.js';

/** The link that runs subscriptions as event streams, which come back after every loss where they left off. */
export function createSubscriptionLink(connection: Connection, giveUpAfterMs: number): TRPCLink<AppRouter> {
  return httpSubscriptionLink<AppRouter, typeof EventSource>({
    url: `${BASE_URL}/trpc`,
    EventSource,
    eventSourceOptions: () => ({ fetch: createStreamFetch(connection, giveUpAfterMs) }),
  });
}
