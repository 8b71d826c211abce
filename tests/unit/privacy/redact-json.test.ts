import { describe, expect, it } from 'vitest';
import { redactJson } from '../../../src/domain/privacy/redact-json.js';
import { mixed } from './secret-samples.js';

const CAP = 10_000;

describe('a JSON value that is stored', () => {
  it('has no secrets: by the names of its keys, and in its texts', () => {
    const input = {
      command: `curl -H "Authorization: Bearer ${mixed(20)}" https://me:abc123@x.example`,
      env: { DB_PASSWORD: 'hunter2', PORT: 5432, apiToken: ['a', 'b'], password: 1234 },
      note: 'a <private>b</private>',
      token: { type: 'string' },
      secret: '${SECRET}',
      flag: true,
      none: null,
    };
    expect(redactJson(input, CAP).value).toEqual({
      command: 'curl -H "Authorization: Bearer [redacted:bearer-token]" https://me:[redacted:url-password]@x.example',
      env: {
        DB_PASSWORD: '[redacted:password]',
        PORT: 5432,
        apiToken: ['[redacted:token]', '[redacted:token]'],
        password: '[redacted:password]',
      },
      note: 'a ',
      token: { type: 'string' },
      secret: '${SECRET}',
      flag: true,
      none: null,
    });
  });

  it('is the same after a second time', () => {
    const once = redactJson(
      { password: 'x', list: [`ghp_${mixed(36)}`, 'A_TOKEN=b'], [`sk-ant-${mixed(20)}`]: 1 },
      CAP,
    ).value;
    expect(redactJson(once, CAP).value).toEqual(once);
    expect(JSON.stringify(once)).not.toMatch(/ghp_|sk-ant/);
  });

  it.each(['[', '{"a":'])('is not too deep, when 100,000 levels of %s come', (open) => {
    const deep: unknown = JSON.parse(open.repeat(100_000) + '1' + (open === '[' ? ']' : '}').repeat(100_000));
    const { value, isCut } = redactJson(deep, CAP);
    expect(isCut).toBe(true);
    expect(JSON.stringify(value).length).toBeLessThan(1_000);
  });

  it('is not too long, when a million values or 16 million characters come', () => {
    for (const big of [Array.from({ length: 1_000_000 }, () => 1), { a: 'b'.repeat(16_000_000), c: 'd' }]) {
      const { value, isCut } = redactJson(big, CAP);
      expect(isCut).toBe(true);
      expect(JSON.stringify(value).length).toBeLessThan(100_000);
    }
  });

  it('keeps a key called __proto__ as a key', () => {
    const value = redactJson(JSON.parse('{"__proto__":{"password":"x"}}'), CAP).value;
    expect(JSON.stringify(value)).toBe('{"__proto__":{"password":"[redacted:password]"}}');
  });
});
