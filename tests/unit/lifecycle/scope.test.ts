import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createScope, RELEASE_DEADLINE_MS, type Scope } from '../../../src/application/lifecycle/scope.js';
import { ScopeError } from '../../../src/application/lifecycle/scope-error.js';
import { createManualTime } from '../../support/manual-time.js';
import { openScope } from '../../support/scope.js';

/** A scope on manual time, and what it logs. */
function openManual(name = 'it') {
  const time = createManualTime();
  const logged: unknown[] = [];
  const logger = { error: (_message: string, details?: object) => void logged.push(details) };
  return { time, logged, scope: createScope(name, { timer: time.timer, logger }) };
}

/** Lets go on what waits for nothing but a turn. */
const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

describe('a scope', () => {
  it('releases in reverse, once, and goes on after a release that fails', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.boolean(), { maxLength: 20 }), async (fails) => {
        const scope = openScope('it');
        const released: number[] = [];
        fails.forEach((failing, n) => {
          scope.defer(`resource ${String(n)}`, () => {
            released.push(n);
            if (failing) throw new Error('no');
          });
        });
        const closing = scope.close().catch((error: unknown) => error);
        expect(scope.close()).toBe(scope.close());
        const error = await closing;
        expect(released).toEqual(fails.map((_failing, n) => n).toReversed());
        const failed = fails.filter(Boolean).length;
        if (failed === 0) expect(error).toBeUndefined();
        else expect((error as ScopeError).errors).toHaveLength(failed);
      }),
    );
  });

  it('names what could not be released', async () => {
    const scope = openScope('the server');
    scope.defer('socket', () => Promise.reject(new Error('busy')));
    scope.defer('file', () => {});
    await expect(scope.close()).rejects.toThrow(
      new ScopeError('the server', [{ name: 'socket', error: null }]).message,
    );
  });

  it('does not leak what was being opened while it closed', async () => {
    const scope = openScope('it');
    let finish: (opened: string) => void = () => undefined;
    const opening = new Promise<string>((resolve) => {
      finish = resolve;
    });
    const released: string[] = [];
    const acquired = scope.acquire(
      'slow',
      () => opening,
      (opened) => {
        released.push(opened);
      },
    );
    await scope.close();
    finish('resource');
    await expect(acquired).rejects.toThrow('it is closing');
    expect(released).toEqual(['resource']);
  });

  it('opens nothing once it is closed', async () => {
    const scope = openScope('it');
    await scope.close();
    let opened = false;
    const acquired = scope.acquire(
      'late',
      () => {
        opened = true;
      },
      () => {},
    );
    await expect(acquired).rejects.toThrow('it is closing');
    expect(opened).toBe(false);
  });

  it('is closed by `await using`', async () => {
    const released: string[] = [];
    {
      await using scope = openScope('it');
      scope.defer('one', () => void released.push('one'));
    }
    expect(released).toEqual(['one']);
  });
});

describe('closing a scope', () => {
  it('passes over a release that hangs, and names it', async () => {
    const { scope, time } = openManual('the server');
    const released: string[] = [];
    scope.defer('file', () => void released.push('file'));
    scope.defer('socket', () => new Promise<void>(() => {}));
    const closing = scope.close().catch((error: unknown) => error);
    await turn();
    time.advance(RELEASE_DEADLINE_MS - 1);
    await turn();
    expect(released).toEqual([]);
    time.advance(1);
    expect(await closing).toMatchObject({ message: 'Closing the server failed at: socket.' });
    expect(released).toEqual(['file']);
    expect(time.pending()).toBe(0);
  });

  it('releases what is handed over too late at once, and logs if that fails', async () => {
    const { scope, logged } = openManual();
    await scope.close();
    scope.defer('late', () => Promise.reject(new Error('busy')));
    await turn();
    expect(logged).toMatchObject([{ release: 'late' }]);
  });

  it('closes trees of scopes in reverse, each part once, whatever fails and whoever closes early', async () => {
    type Part = { readonly fails: boolean; readonly children: readonly Part[]; readonly early: boolean };
    const part: fc.Memo<Part> = fc.memo((depth) =>
      fc.record({
        fails: fc.boolean(),
        early: fc.boolean(),
        children: depth === 1 ? fc.constant([]) : fc.array(part(), { maxLength: 3 }),
      }),
    );
    await fc.assert(
      fc.asyncProperty(part(4), async (tree) => {
        const { scope, time } = openManual();
        const opened: number[] = [];
        const released: number[] = [];
        const early: Scope[] = [];
        let failing = 0;
        const grow = (own: Scope, { fails, children, early: isEarly }: Part) => {
          const id = opened.length;
          opened.push(id);
          own.defer('part', () => {
            released.push(id);
            if (fails) throw new Error('no');
          });
          if (fails) failing += 1;
          if (isEarly && own !== scope) early.push(own);
          for (const child of children) grow(own.child('child'), child);
        };
        grow(scope, tree);
        if (early.length === 0) {
          const error = await scope.close().catch((thrown: unknown) => thrown);
          expect(released).toEqual(opened.toReversed());
          expect(error instanceof ScopeError ? error.failures.length : 0).toBe(failing);
        } else {
          await Promise.allSettled([...early.map((own) => own.close()), scope.close()]);
          expect(released.toSorted((a, b) => a - b)).toEqual(opened);
        }
        expect(time.pending()).toBe(0);
      }),
    );
  });

  it("names what failed in a child by the child's name too", async () => {
    const { scope } = openManual('the server');
    scope.child('http').defer('socket', () => Promise.reject(new Error('busy')));
    await expect(scope.close()).rejects.toThrow('Closing the server failed at: http › socket.');
  });
});

describe('the timers of a scope', () => {
  it('do not start again what is still going', async () => {
    const { scope, time } = openManual();
    let runs = 0;
    let finish = () => {};
    scope.every('poll', 10, () => {
      runs += 1;
      return new Promise<void>((resolve) => {
        finish = resolve;
      });
    });
    for (const expected of [1, 1, 1]) {
      time.advance(10);
      await turn();
      expect(runs).toBe(expected);
    }
    finish();
    await turn();
    time.advance(10);
    expect(runs).toBe(2);
    finish();
    await scope.close();
  });

  it('log an error with their name, and go on', async () => {
    const { scope, time, logged } = openManual();
    scope.every('sync', 10, () => {
      throw new Error('thrown');
    });
    scope.every('async', 10, () => Promise.reject(new Error('rejected')));
    time.advance(10);
    await turn();
    time.advance(10);
    await turn();
    expect(logged).toMatchObject([{ timer: 'sync' }, { timer: 'async' }, { timer: 'sync' }, { timer: 'async' }]);
    await scope.close();
    expect(time.pending()).toBe(0);
  });

  it('are replaced by their name, which never runs twice at once', async () => {
    const { scope, time } = openManual();
    const ran: string[] = [];
    let finish = () => {};
    scope.every('poll', 10, () => {
      ran.push('old');
      return new Promise<void>((resolve) => {
        finish = resolve;
      });
    });
    time.advance(10);
    scope.every('poll', 20, () => void ran.push('new'));
    expect(time.pending()).toBe(1);
    time.advance(20);
    expect(ran).toEqual(['old']);
    finish();
    await turn();
    time.advance(20);
    expect(ran).toEqual(['old', 'new']);
    await scope.close();
  });

  it('run once if that was asked for, also when the last run under this name is still going', async () => {
    const { scope, time } = openManual();
    const ran: string[] = [];
    let finish = () => {};
    scope.after('flush', 10, () => {
      ran.push('first');
      return new Promise<void>((resolve) => {
        finish = resolve;
      });
    });
    time.advance(10);
    scope.after('flush', 10, () => void ran.push('second'));
    time.advance(10);
    expect(ran).toEqual(['first']);
    finish();
    await turn();
    expect(ran).toEqual(['first', 'second']);
    expect(time.pending()).toBe(0);
    await scope.close();
  });

  it('are waited for when the scope closes, before what they use is released', async () => {
    const { scope, time } = openManual();
    const order: string[] = [];
    let finish = () => {};
    scope.every('flush', 10, async () => {
      await new Promise<void>((resolve) => {
        finish = resolve;
      });
      order.push('flushed');
    });
    scope.defer('file', () => void order.push('closed'));
    scope.after('called off', 20, () => void order.push('rang'));
    scope.cancel('called off');
    time.advance(30);
    const closed = scope.close();
    finish();
    await closed;
    expect(order).toEqual(['flushed', 'closed']);
    expect(time.pending()).toBe(0);
    expect(() => scope.every('late', 1, () => {})).toThrow('it is closing');
  });
});
