import type { ServerResponse } from 'node:http';
import type { Application } from '../../application/application.js';
import type { createMetricsPages } from '../metrics/metrics-page.js';
import { describeServer } from '../trpc/server-status.js';
import type { ListenerCounts } from './close-server.js';
import { sendText } from './respond.js';
import type { ServerInfo } from './server-info.js';

/** What `GET /metrics` is answered from. */
export interface MetricsSources {
  readonly app: Application;
  readonly server: ServerInfo;
  readonly pages: ReturnType<typeof createMetricsPages>;
  readonly listeners: () => readonly ListenerCounts[];
  /** Requests at the start gate. */
  readonly waiting: () => number;
  /** Hooks whose event nobody here knows, by its name. */
  readonly unknownHooks: () => ReadonlyMap<string, number>;
}

/** Answers `GET /metrics`. */
export async function answerMetrics(
  response: ServerResponse,
  { app, server, pages, listeners, waiting, unknownHooks }: MetricsSources,
): Promise<void> {
  const { contentType, text } = await pages(async () => ({
    status: { server: describeServer(server), ...(await app.getStatus()) },
    listeners: listeners(),
    waiting: waiting(),
    unknownHooks: unknownHooks(),
    cpu: process.cpuUsage(),
  }));
  sendText(response, 200, text, { 'Content-Type': contentType });
}
