import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { prepareText } from '../../../src/domain/privacy/prepare-text.js';
import { mixed } from './secret-samples.js';

const TOKEN = `ghp_${mixed(36)}`;

describe('a text that is stored', () => {
  it('has neither private parts nor secrets', () => {
    const { text, isPrivate, leftOut } = prepareText(`a <private>x</private> ${TOKEN}`, 1_000);
    expect({ text, isPrivate, leftOut }).toEqual({ text: 'a  [redacted:github-token]', isPrivate: false, leftOut: 0 });
  });

  it('keeps head and tail and says how much is left out', () => {
    const { text, leftOut } = prepareText(`head${'.'.repeat(10_000)}tail`, 100);
    expect(text.startsWith('head.')).toBe(true);
    expect(text.endsWith('.tail')).toBe(true);
    expect(leftOut).toBe(9_908);
    expect(text).toContain('[… 9908 characters left out …]');
  });

  it('holds no half of a secret, wherever the cut falls', () => {
    for (let shift = 0; shift <= TOKEN.length; shift += 1) {
      const around = 'a '.repeat(500).slice(0, 1_000 - shift);
      const { text } = prepareText(`${around}${TOKEN}${'\n'.repeat(5_000)}${TOKEN}${around}`, 2_000);
      expect(text).not.toContain(TOKEN.slice(0, 6));
      expect(text).not.toContain(TOKEN.slice(-6));
    }
  });

  it('holds no byte of a private part that reaches over the cut', () => {
    const { text } = prepareText(`a<private>${'x'.repeat(50_000)}</private>b`, 100);
    expect(text).toBe('ab');
  });

  it('cuts no character in two', () => {
    for (const cap of [101, 102, 103, 104]) {
      expect(prepareText('😀'.repeat(500), cap).text).not.toMatch(/\p{Surrogate}/u);
    }
  });

  it('is bounded by the cap, whatever comes', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 5_000 }), fc.nat(1_000), (text, cap) => {
        expect(prepareText(text, cap).text.length).toBeLessThanOrEqual(cap + 60);
      }),
    );
    const many = 'A_PASSWORD=a '.repeat(10_000);
    expect(prepareText(many, 1_000).text.length).toBeLessThanOrEqual(1_060);
  });
});
