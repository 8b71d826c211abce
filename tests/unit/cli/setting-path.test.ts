import { describe, expect, it } from 'vitest';
import { settingPath, valueAt, withValueAt } from '../../../src/interfaces/cli/config/setting-path.js';

const document = { pool: { max: 2 }, agents: { 'my.tests': { command: 'npm' } } };

describe('a place in the configuration', () => {
  it('is found by its key', () => {
    expect(valueAt(document, settingPath('pool.max', document))).toBe(2);
    expect(valueAt(document, settingPath('pool', document))).toEqual({ max: 2 });
    expect(valueAt(document, settingPath('pool.max.more', document))).toBeUndefined();
  });

  it('is found under a profile with dots in its name', () => {
    expect(settingPath('agents.my.tests.command', document)).toEqual(['agents', 'my.tests', 'command']);
    expect(valueAt(document, settingPath('agents.my.tests', document))).toEqual({ command: 'npm' });
  });

  it('is changed without a change to anything else, in its old place', () => {
    const changed = withValueAt(document, ['pool', 'max'], 4);
    expect(JSON.stringify(changed)).toBe(JSON.stringify({ ...document, pool: { max: 4 } }));
    expect(document.pool.max).toBe(2);
  });

  it('is made with all that is on the way', () => {
    expect(withValueAt({}, ['agents', 'x', 'env', 'A'], '1')).toEqual({ agents: { x: { env: { A: '1' } } } });
  });

  it('is never outside of the document', () => {
    expect(valueAt(document, ['constructor', 'name'])).toBeUndefined();
    const changed = withValueAt({}, ['__proto__', 'polluted'], true);
    expect(Object.hasOwn(changed as object, '__proto__')).toBe(true);
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });
});
