/**
 * A server from the sources whose event loop a test can block: `blockable-daemon.ts <home> <dead ms>`, with a channel to
 * its parent. It says `watched` once its watchdog runs, blocks for as long as a message asks, and says `free` after it.
 */
import { performance } from 'node:perf_hooks';
import type { Service } from '../../src/application/lifecycle/service.js';
import { startDaemon } from '../../src/daemon.js';

/** What the parent asks for: to be at work on something for so many milliseconds, and nothing else. */
export interface Block {
  readonly what: string;
  readonly ms: number;
}
/** What it is told. */
export type BlockableWord = 'watched' | 'free';

const [home = '', deadMs = ''] = process.argv.slice(2);
const say = (word: BlockableWord) => process.send?.(word);

let stop: (reason: string) => void = () => {};
const stopped = new Promise<string>((resolve) => {
  stop = resolve;
});
process.once('SIGTERM', stop);

const daemon = await startDaemon({
  environment: { home, port: 0, logLevel: 'info', autostart: false, variables: process.env },
  port: 0,
  requestStop: stop,
  requestReplace: () => 'caller',
  deadMs: Number(deadMs),
  adapt: (services, { loop }) => {
    process.on('message', ({ what, ms }: Block) => {
      loop.note(what);
      const until = performance.now() + ms;
      while (performance.now() < until);
      say('free');
    });
    return services.map((service) => (service.name === 'watchdog' ? telling(service) : service));
  },
});
await daemon.stop(await stopped);
process.disconnect();

function telling(watchdog: Service): Service {
  return {
    ...watchdog,
    async warmUp(scope) {
      await watchdog.warmUp?.(scope);
      say('watched');
    },
  };
}
