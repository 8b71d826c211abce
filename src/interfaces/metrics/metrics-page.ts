import type { Counter, Gauge, Registry } from 'prom-client';
import type { Metric, Reading } from './metric.js';
import { METRICS } from './metrics.js';

/** What Prometheus reads, as text. */
export interface MetricsPage {
  readonly contentType: string;
  readonly text: string;
}

/**
 * Makes what writes metrics in Prometheus' text format. Nothing is loaded before the first page, and nothing is counted
 * between two. Pages that are asked for at once are one page.
 */
export function createMetricsPages(): (read: () => Promise<Reading>) => Promise<MetricsPage> {
  let meters: Promise<Meters> | undefined;
  let writing: Promise<MetricsPage> | undefined;

  async function write(read: () => Promise<Reading>): Promise<MetricsPage> {
    const { registry, set } = await (meters ??= openMeters());
    set(await read());
    return { contentType: registry.contentType, text: await registry.metrics() };
  }

  return (read) => {
    writing ??= write(read).finally(() => {
      writing = undefined;
    });
    return writing;
  };
}

interface Meters {
  readonly registry: Registry;
  readonly set: (reading: Reading) => void;
}

async function openMeters(): Promise<Meters> {
  const { default: Registry } = await import('prom-client/lib/registry.js');
  const { default: Gauge } = await import('prom-client/lib/gauge.js');
  const { default: Counter } = await import('prom-client/lib/counter.js');
  const registry = new Registry();

  function open({ name, help, type, labels = [] }: Metric): Gauge | Counter {
    const options = { name, help, labelNames: labels, registers: [registry] };
    return type === 'gauge' ? new Gauge(options) : new Counter(options);
  }

  const meters = METRICS.map((metric) => ({ metric, meter: open(metric) }));
  return {
    registry,
    set(reading) {
      for (const { metric, meter } of meters) {
        // A service that is in another state now is no longer in the one before; and a counter can only be added to.
        meter.reset();
        for (const [labels, value] of metric.samples(reading)) meter.inc(labels, value);
      }
    },
  };
}
