import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createScope } from '../../../src/application/lifecycle/scope.js';
import { LastingFault, provider, type Service } from '../../../src/application/lifecycle/service.js';
import { createServiceBoard } from '../../../src/application/lifecycle/service-board.js';
import { FIRST_RETRY_MS, MOST_RETRY_MS, startServices } from '../../../src/application/lifecycle/start-services.js';
import { createManualTime } from '../../support/manual-time.js';

/** Services on manual time, with a log of what they do. */
function openBench() {
  const time = createManualTime();
  const logged: { readonly message: string; readonly details: object | undefined }[] = [];
  const log = (message: string, details?: object) => void logged.push({ message, details });
  const logger = { warn: log, error: log };
  const scope = createScope('the server', { timer: time.timer, logger });
  let busy = 0;
  const board = createServiceBoard({ elapsed: time.clock, busy: () => busy });
  return {
    time,
    logged,
    scope,
    board,
    block: (ms: number) => {
      busy += ms;
      time.advance(ms);
    },
    states: () => Object.fromEntries(board.list().map(({ name, state }) => [name, state])),
    start: (services: readonly Service[]) => startServices(services, { scope, board, logger }),
  };
}

const service = (name: string, more: Partial<Service> = {}): Service => ({
  name,
  needs: [],
  critical: true,
  start: () => {},
  ...more,
});

/** Lets go on what waits for nothing but a turn. */
const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

/** A step that ends when the test says so. */
function scriptedStep() {
  let settle: { readonly succeed: () => void; readonly fail: (error: Error) => void } | undefined;
  let runs = 0;
  return {
    runs: () => runs,
    step: () =>
      new Promise<void>((resolve, reject) => {
        runs += 1;
        settle = { succeed: resolve, fail: reject };
      }),
    async succeed() {
      settle?.succeed();
      await turn();
    },
    async fail(message: string) {
      settle?.fail(new Error(message));
      await turn();
    },
  };
}

describe('the graph of services', () => {
  it.each<[string, Service[]]>([
    [
      'Services need each other: b → c → b.',
      [service('a', { needs: ['b'] }), service('b', { needs: ['c'] }), service('c', { needs: ['b'] })],
    ],
    ['Services need each other: a → a.', [service('a', { needs: ['a'] })]],
    ['There is no service x: a → b → x.', [service('a', { needs: ['b'] }), service('b', { needs: ['x'] })]],
    ['There are two services a.', [service('a'), service('a')]],
    [
      'A critical service needs one that is not: a → b.',
      [service('a', { needs: ['b'] }), service('b', { critical: false })],
    ],
  ])('is refused before anything starts: %s', async (message, services) => {
    const { start } = openBench();
    const begun: string[] = [];
    const watched = services.map((one) => ({ ...one, start: () => void begun.push(one.name) }));
    await expect(start(watched)).rejects.toThrow(message);
    expect(begun).toEqual([]);
  });
});

/** Services a, b, c …, each with needs among those before it, in any order. */
const dags = fc
  .array(fc.record({ critical: fc.boolean(), picks: fc.array(fc.nat(), { maxLength: 3 }), fails: fc.boolean() }), {
    minLength: 1,
    maxLength: 10,
  })
  .map((plans) => {
    const critical: boolean[] = [];
    return plans.map(({ picks, fails, ...plan }, n) => {
      const needs = [...new Set(n === 0 ? [] : picks.map((pick) => pick % n))];
      critical[n] = plan.critical && needs.every((need) => critical[need]);
      return { name: `s${n}`, needs: needs.map((need) => `s${need}`), critical: critical[n], fails };
    });
  })
  .chain((plans) => fc.shuffledSubarray(plans, { minLength: plans.length }));

describe('random services', () => {
  it('start as soon as what they need is ready, side by side, and stop in reverse', async () => {
    await fc.assert(
      fc.asyncProperty(dags, fc.infiniteStream(fc.nat()), async (plans, picks) => {
        const { scope, start, states } = openBench();
        const begun: string[] = [];
        const ready = new Set<string>();
        const stopped: string[] = [];
        const finish = new Map<string, () => void>();
        const started = start(
          plans.map(({ fails: _, ...plan }) => ({
            ...plan,
            start: (own) => {
              begun.push(plan.name);
              own.defer('it', () => void stopped.push(plan.name));
              return new Promise<void>((resolve) => finish.set(plan.name, resolve));
            },
          })),
        );
        await turn();
        while (finish.size > 0) {
          const runnable = plans.filter(({ needs }) => needs.every((need) => ready.has(need)));
          expect(begun.toSorted()).toEqual(runnable.map(({ name }) => name).toSorted());
          const names = [...finish.keys()];
          const name = names[(picks.next().value ?? 0) % names.length] ?? '';
          finish.get(name)?.();
          finish.delete(name);
          ready.add(name);
          await turn();
        }
        await started;
        expect(Object.values(states())).toEqual(plans.map(() => 'ready'));
        await scope.close();
        expect(stopped).toEqual(begun.toReversed());
        expect(Object.values(states())).toEqual(plans.map(() => 'stopped'));
      }),
      { numRuns: 50 },
    );
  });

  it('leak nothing, whichever of them fail', async () => {
    await fc.assert(
      fc.asyncProperty(dags, async (plans) => {
        const { scope, start, time } = openBench();
        const open = new Set<string>();
        const outcome = start(
          plans.map(({ fails, ...plan }) => ({
            ...plan,
            start: async (own) => {
              await own.acquire(
                'it',
                () => void open.add(plan.name),
                () => void open.delete(plan.name),
              );
              await turn();
              if (fails) throw new Error('no');
              // Whatever comes too late is given back as well.
              await own.acquire(
                'more',
                () => void open.add(`${plan.name} more`),
                () => void open.delete(`${plan.name} more`),
              );
            },
          })),
        ).catch((error: unknown) => error);
        const failed = plans.filter(({ critical, fails }) => critical && fails).map(({ name }) => name);
        const error = await outcome;
        if (failed.length === 0) expect(error).toBeUndefined();
        else {
          expect(open).toEqual(new Set());
          expect(failed.some((name) => (error as Error).message.includes(`"${name}"`))).toBe(true);
        }
        await scope.close();
        expect(open).toEqual(new Set());
        expect(time.pending()).toBe(0);
      }),
      { numRuns: 50 },
    );
  });
});

describe('start-up', () => {
  it('is done when the critical services are ready, and warms up afterwards', async () => {
    const { start, states, scope } = openBench();
    const storage = scriptedStep();
    const slow = scriptedStep();
    const check = scriptedStep();
    let isUp = false;
    const started = start([
      service('storage', { start: storage.step, warmUp: check.step }),
      service('slow', { start: slow.step, critical: false }),
    ]).then(() => {
      isUp = true;
    });
    await turn();
    expect([isUp, check.runs()]).toEqual([false, 0]);
    await storage.succeed();
    await started;
    await turn();
    expect([check.runs(), states()]).toEqual([1, { storage: 'ready', slow: 'starting' }]);
    await Promise.all([check.succeed(), slow.succeed()]);
    expect(states()).toEqual({ storage: 'ready', slow: 'ready' });
    await scope.close();
  });

  it('tries again, ever more slowly, what is not critical, and shows it as degraded meanwhile', async () => {
    const { start, states, scope, time, logged } = openBench();
    const hint = scriptedStep();
    const after = scriptedStep();
    await start([
      service('storage'),
      service('hint', { start: hint.step, critical: false }),
      service('after', { start: after.step, needs: ['hint'], critical: false }),
    ]);
    for (const [n, pauseMs] of [FIRST_RETRY_MS, FIRST_RETRY_MS * 2].entries()) {
      expect(hint.runs()).toBe(n + 1);
      await hint.fail('disk full');
      expect(states()).toEqual({ storage: 'ready', hint: 'degraded', after: 'waiting' });
      time.advance(pauseMs - 1);
      await turn();
      expect(hint.runs()).toBe(n + 1);
      time.advance(1);
      await turn();
    }
    for (let n = 0; n < 12; n += 1) {
      await hint.fail('disk full');
      time.advance(MOST_RETRY_MS);
      await turn();
    }
    await hint.succeed();
    await after.succeed();
    expect(states()).toEqual({ storage: 'ready', hint: 'ready', after: 'ready' });
    expect(logged).toHaveLength(14);
    await scope.close();
  });

  it('tries a warm-up again, releasing what the failed one had opened', async () => {
    const { start, states, scope, time } = openBench();
    let runs = 0;
    let open = 0;
    await start([
      service('memory', {
        warmUp: async (own) => {
          runs += 1;
          await own.acquire(
            'index',
            () => void (open += 1),
            () => void (open -= 1),
          );
          if (runs === 1) throw new Error('busy');
        },
      }),
    ]);
    await turn();
    expect([states(), open]).toEqual([{ memory: 'degraded' }, 0]);
    time.advance(FIRST_RETRY_MS);
    await turn();
    expect([states(), open]).toEqual([{ memory: 'ready' }, 1]);
    await scope.close();
    expect(open).toBe(0);
  });

  it('tells which critical service failed and why, after closing the rest in reverse', async () => {
    const { start, states } = openBench();
    const closed: string[] = [];
    const opens = (name: string, needs: string[] = []) =>
      service(name, { needs, start: (own) => own.defer(name, () => void closed.push(name)) });
    const why = new Error('no space left');
    await expect(
      start([
        opens('log'),
        opens('storage', ['log']),
        service('http', { needs: ['storage'], start: () => Promise.reject(why) }),
      ]),
    ).rejects.toMatchObject({
      message: 'The server cannot run, because its service "http" did not start: no space left',
      cause: why,
    });
    expect(closed).toEqual(['storage', 'log']);
    expect(states()).toEqual({ log: 'stopped', storage: 'stopped', http: 'failed' });
  });

  it('does not try a warm-up again that found a lasting fault, and says what that is', async () => {
    const { time, board, logged, start } = openBench();
    let tries = 0;
    const warmUp = () => {
      tries += 1;
      throw new LastingFault('The disk is broken; buy another.');
    };
    await start([service('storage', { warmUp })]);
    await turn();
    time.advance(2 * MOST_RETRY_MS);
    await turn();
    expect(tries).toBe(1);
    expect(board.list()).toMatchObject([{ state: 'degraded', problem: 'The disk is broken; buy another.' }]);
    expect(logged.map(({ message }) => message)).toEqual(['a service has a lasting fault']);
  });

  it('times every start, warm-up and stop, and how long the main thread was at work', async () => {
    const { start, scope, board, block, time } = openBench();
    const services = [
      service('storage', {
        start: (own) => {
          own.defer('file', () => time.advance(7));
          block(20);
          time.advance(5);
        },
        warmUp: () => block(3),
      }),
    ];
    await start(services);
    await turn();
    await scope.close();
    expect(board.list()).toEqual([
      { name: 'storage', state: 'stopped', problem: null, startMs: 25, warmUpMs: 3, stopMs: 7, blockedMs: 23 },
    ]);
  });

  it('waits with closing for a start and a warm-up that still go on', async () => {
    const { start, scope } = openBench();
    const late = scriptedStep();
    const warm = scriptedStep();
    await start([service('a', { warmUp: warm.step }), service('b', { critical: false, start: late.step })]);
    await turn();
    let closed = false;
    const closing = scope.close().then(() => {
      closed = true;
    });
    await turn();
    await late.succeed();
    expect(closed).toBe(false);
    await warm.succeed();
    await closing;
  });
});

it('a provider gives what it opened, to who needs it', async () => {
  const { start, scope } = openBench();
  const storage = provider({ name: 'storage', needs: [], critical: true, start: () => Promise.resolve('opened') });
  expect(storage.providedYet()).toBeUndefined();
  expect(() => storage.provided()).toThrow('storage has not started; name it among the needs.');
  await start([storage]);
  expect(storage.provided()).toBe('opened');
  await scope.close();
});
