import type { Metric, Reading, Sample } from './metric.js';

type Services = Reading['status']['server']['services'];

const AGENT_STATES = ['starting', 'idle', 'busy', 'stopping'] as const;
const TASK_STATES = ['blocked', 'scheduled', 'pending', 'processing', 'completed', 'failed', 'cancelled'] as const;

/** Everything that `/metrics` tells, in the order of the page. docs/api.md lists it. */
export const METRICS: readonly Metric[] = [
  {
    name: 'codewalkers_build_info',
    help: 'The version of the server that runs; always 1.',
    type: 'gauge',
    labels: ['version'],
    samples: ({ status }) => [[{ version: status.server.version }, 1]],
  },
  {
    name: 'codewalkers_start_time_seconds',
    help: 'When the server started, in seconds since 1970.',
    type: 'gauge',
    samples: ({ status }) => one(status.server.startedAt / 1_000),
  },
  {
    name: 'codewalkers_ready',
    help: '1 if the server takes work; 0 while it starts or drains.',
    type: 'gauge',
    samples: ({ status }) => one(status.server.state === 'ready' ? 1 : 0),
  },

  {
    name: 'codewalkers_tasks',
    help: 'Tasks that are kept, by state.',
    type: 'gauge',
    labels: ['state'],
    samples: ({ status }) => each(TASK_STATES, (state) => status.queue[state]),
  },
  {
    name: 'codewalkers_queue_paused',
    help: '1 if the queue is paused.',
    type: 'gauge',
    samples: ({ status }) => one(status.queue.paused ? 1 : 0),
  },
  {
    name: 'codewalkers_queue_oldest_pending_seconds',
    help: 'For how long the task has waited that waits longest for an agent; 0 if none waits.',
    type: 'gauge',
    samples: ({ status }) => one((status.queue.oldestPendingMs ?? 0) / 1_000),
  },
  {
    name: 'codewalkers_queue_last_hour_tasks',
    help: 'Tasks that finished in the last hour, by outcome.',
    type: 'gauge',
    labels: ['outcome'],
    samples: ({ status: { queue } }) =>
      each(['completed', 'failed'] as const, (outcome) => queue.lastHour[outcome], 'outcome'),
  },
  {
    name: 'codewalkers_queue_last_hour_failures',
    help: 'Attempts that failed in the last hour, and tasks that failed without one, by error code.',
    type: 'gauge',
    labels: ['code'],
    samples: ({ status }) => Object.entries(status.queue.lastHour.failures).map(([code, n]) => [{ code }, n]),
  },
  {
    name: 'codewalkers_queue_waiting_seconds',
    help: 'How long tasks that started in the last hour had waited for an agent, by quantile; absent if none started.',
    type: 'gauge',
    labels: ['quantile'],
    samples: ({ status }) => byQuantile(status.queue.lastHour.waitingMs),
  },
  {
    name: 'codewalkers_queue_running_seconds',
    help: 'How long attempts ran that completed or failed in the last hour, by quantile; absent if none did.',
    type: 'gauge',
    labels: ['quantile'],
    samples: ({ status }) => byQuantile(status.queue.lastHour.runningMs),
  },
  {
    name: 'codewalkers_agents',
    help: 'Agents of the pool, by state.',
    type: 'gauge',
    labels: ['state'],
    samples: ({ status }) => each(AGENT_STATES, (state) => status.pool[state]),
  },
  {
    name: 'codewalkers_agents_max',
    help: 'Most agents that the pool may have.',
    type: 'gauge',
    samples: ({ status }) => one(status.pool.max),
  },
  {
    name: 'codewalkers_account_limited',
    help: '1 for an account that has reached a limit, by account and state; absent for one that is open.',
    type: 'gauge',
    labels: ['account', 'state'],
    samples: ({ status }) => status.limits.map(({ account, state }) => [{ account, state }, 1]),
  },
  {
    name: 'codewalkers_sessions',
    help: 'Sessions that are open, by state.',
    type: 'gauge',
    labels: ['state'],
    samples: ({ status }) => each(['active', 'paused'] as const, (state) => status.sessions[state]),
  },
  {
    name: 'codewalkers_observations',
    help: 'Observations that are kept.',
    type: 'gauge',
    samples: ({ status }) => one(status.memory.observations),
  },
  {
    name: 'codewalkers_tool_uses_waiting',
    help: 'Captured tool uses that wait to be distilled.',
    type: 'gauge',
    samples: ({ status }) => one(status.memory.waiting),
  },
  {
    name: 'codewalkers_model_calls_today',
    help: 'Calls of the model that distils, on this UTC day; absent without a model.',
    type: 'gauge',
    samples: ({ status }) => ofSpend(status, ({ calls }) => calls),
  },
  {
    name: 'codewalkers_model_tokens_today',
    help: 'Tokens of the model that distils, on this UTC day, by direction.',
    type: 'gauge',
    labels: ['direction'],
    samples: ({ status: { memory } }) =>
      memory.spend === null
        ? []
        : [
            [{ direction: 'input' }, memory.spend.inputTokens],
            [{ direction: 'output' }, memory.spend.outputTokens],
          ],
  },
  {
    name: 'codewalkers_model_usd_today',
    help: 'What the model that distils has cost on this UTC day, in US dollars, by the prices of the configuration.',
    type: 'gauge',
    samples: ({ status }) => ofSpend(status, ({ usd }) => usd),
  },
  {
    name: 'codewalkers_model_dead_letters',
    help: 'Stretches of tool uses of which the model made nothing, so that rules stand in.',
    type: 'gauge',
    samples: ({ status }) => ofSpend(status, ({ deadLetters }) => deadLetters),
  },
  {
    name: 'codewalkers_events_total',
    help: 'Events that were ever written to the log: the position of the last one.',
    type: 'counter',
    samples: ({ status }) => one(status.events.position),
  },

  {
    name: 'codewalkers_service_state',
    help: '1 for the state that a service is in.',
    type: 'gauge',
    labels: ['service', 'state'],
    samples: ({ status }) => status.server.services.map(({ name, state }) => [{ service: name, state }, 1]),
  },
  ofServices('start', 'How long the start of a service took.', ({ startMs }) => startMs),
  ofServices('warm_up', 'How long the warm-up of a service took.', ({ warmUpMs }) => warmUpMs),
  ofServices('stop', 'How long the stop of a service took.', ({ stopMs }) => stopMs),
  ofServices(
    'blocked',
    'For how long the main thread was at work during the start and warm-up of a service.',
    ({ blockedMs }) => blockedMs,
  ),

  {
    name: 'codewalkers_http_connections',
    help: 'Connections that are open, by listener.',
    type: 'gauge',
    labels: ['listener'],
    samples: ({ listeners }) => listeners.map(({ name, connections }) => [{ listener: name }, connections]),
  },
  {
    name: 'codewalkers_http_streams',
    help: 'Event streams that are open, by listener.',
    type: 'gauge',
    labels: ['listener'],
    samples: ({ listeners }) => listeners.map(({ name, streams }) => [{ listener: name }, streams]),
  },
  {
    name: 'codewalkers_http_requests_total',
    help: 'Requests that came, by listener.',
    type: 'counter',
    labels: ['listener'],
    samples: ({ listeners }) => listeners.map(({ name, requests }) => [{ listener: name }, requests]),
  },
  {
    name: 'codewalkers_http_requests_waiting',
    help: 'Requests that wait for the server to start.',
    type: 'gauge',
    samples: ({ waiting }) => one(waiting),
  },
  {
    name: 'codewalkers_hooks_unknown_total',
    help: 'Hooks posted by agents whose event is not known here, by event.',
    type: 'counter',
    labels: ['event'],
    samples: ({ unknownHooks }) => [...unknownHooks].map(([event, count]) => [{ event }, count]),
  },

  {
    name: 'codewalkers_event_loop_delay_seconds',
    help: 'How late the event loop got to what was due, since the start and while there was work, by quantile; 1 is the longest.',
    type: 'gauge',
    labels: ['quantile'],
    samples: ({ status: { server } }) => [
      [{ quantile: '0.5' }, server.eventLoop.p50Ms / 1_000],
      [{ quantile: '0.99' }, server.eventLoop.p99Ms / 1_000],
      [{ quantile: '1' }, server.eventLoop.maxMs / 1_000],
    ],
  },
  {
    name: 'codewalkers_event_loop_blocks_total',
    help: 'How often the event loop was blocked for 200 ms or more; the log says by what.',
    type: 'counter',
    samples: ({ status }) => one(status.server.eventLoop.blocks),
  },
  {
    name: 'codewalkers_resident_memory_bytes',
    help: 'Memory that the process holds.',
    type: 'gauge',
    samples: ({ status }) => one(status.server.memory.rssBytes),
  },
  {
    name: 'codewalkers_heap_used_bytes',
    help: 'Memory that is used on the JavaScript heap.',
    type: 'gauge',
    samples: ({ status }) => one(status.server.memory.heapBytes),
  },
  {
    name: 'codewalkers_cpu_seconds_total',
    help: 'Processor time that the process has used, by mode.',
    type: 'counter',
    labels: ['mode'],
    samples: ({ cpu }) => each(['user', 'system'] as const, (mode) => cpu[mode] / 1e6, 'mode'),
  },
];

type ModelSpend = NonNullable<Reading['status']['memory']['spend']>;

function ofSpend({ memory }: Reading['status'], of: (spend: ModelSpend) => number): readonly Sample[] {
  return memory.spend === null ? [] : one(of(memory.spend));
}

function byQuantile(durations: Reading['status']['queue']['lastHour']['waitingMs']): readonly Sample[] {
  if (durations === null) return [];
  const { p50, p95, p99 } = durations;
  return [
    [{ quantile: '0.5' }, p50 / 1_000],
    [{ quantile: '0.95' }, p95 / 1_000],
    [{ quantile: '0.99' }, p99 / 1_000],
  ];
}

function one(value: number): readonly Sample[] {
  return [[{}, value]];
}

function each<S extends string>(values: readonly S[], of: (value: S) => number, label = 'state'): readonly Sample[] {
  return values.map((value) => [{ [label]: value }, of(value)]);
}

function ofServices(what: string, help: string, ms: (service: Services[number]) => number | null): Metric {
  return {
    name: `codewalkers_service_${what}_seconds`,
    help,
    type: 'gauge',
    labels: ['service'],
    samples: ({ status }) =>
      status.server.services.flatMap((service) => {
        const took = ms(service);
        return took === null ? [] : [[{ service: service.name }, took / 1_000] as const];
      }),
  };
}
