import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createScope, ScopeError } from '../../../src/application/lifecycle/scope.js';

describe('a scope', () => {
  it('releases in reverse, once, and goes on after a release that fails', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.boolean(), { maxLength: 20 }), async (fails) => {
        const scope = createScope('it');
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
    const scope = createScope('the server');
    scope.defer('socket', () => Promise.reject(new Error('busy')));
    scope.defer('file', () => {});
    await expect(scope.close()).rejects.toThrow(
      new ScopeError('the server', [{ name: 'socket', error: null }]).message,
    );
  });

  it('does not leak what was being opened while it closed', async () => {
    const scope = createScope('it');
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
    const scope = createScope('it');
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
      await using scope = createScope('it');
      scope.defer('one', () => void released.push('one'));
    }
    expect(released).toEqual(['one']);
  });
});
