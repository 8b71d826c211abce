/**
 * The three parts of prom-client that are used. All of it at once would block the event loop for 100 ms and more: it
 * brings clusters, a push gateway, histograms and a tracing API.
 */
declare module 'prom-client/lib/registry.js' {
  export { Registry as default } from 'prom-client';
}
declare module 'prom-client/lib/gauge.js' {
  export { Gauge as default } from 'prom-client';
}
declare module 'prom-client/lib/counter.js' {
  export { Counter as default } from 'prom-client';
}
