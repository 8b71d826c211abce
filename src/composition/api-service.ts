import type { Application } from '../application/application.js';
import { type Provider, provider } from '../application/lifecycle/service.js';
import type { Embedder } from '../application/ports/embedder.js';
import type { Workers } from '../application/ports/workers.js';
import type { SqliteStorage } from '../infrastructure/sqlite/sqlite-storage.js';
import type { HttpServer } from '../interfaces/http/serve-http.js';
import { composeApplication } from './compose-application.js';
import type { Ground } from './ground.js';
import type { WorkerJobs } from './worker-jobs.js';

export interface ApiServiceOptions {
  readonly storage: Provider<SqliteStorage>;
  readonly workers: Provider<Workers<WorkerJobs>>;
  readonly http: Provider<HttpServer>;
  readonly embedder: Embedder | null;
  /** Lets the requests through that wait at the start gate. */
  readonly openGate: (app: Application) => void;
}

/** Answers requests: from when the storage is open, until the last one is answered, with the storage still open. */
export function createApiService(
  ground: Ground,
  { storage, workers, http, embedder, openGate }: ApiServiceOptions,
): Provider<Application> {
  return provider({
    name: 'api',
    needs: [storage.name, workers.name, http.name],
    critical: true,
    async start(scope) {
      const app = composeApplication(ground, storage.provided(), workers.provided(), embedder);
      openGate(app);
      scope.defer('requests', () => http.provided().close());
      return app;
    },
  });
}
