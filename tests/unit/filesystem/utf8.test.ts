import fc from 'fast-check';
import { expect, it } from 'vitest';
import { firstCharacterStart, wholeCharactersEnd } from '../../../src/infrastructure/filesystem/utf8.js';

it('gives any text back whole, wherever its bytes are cut', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.array(fc.nat(20), { minLength: 1 }), (text, steps) => {
      const bytes = Buffer.from(text);
      let read = '';
      let at = 0;
      for (let turn = 0; at < bytes.length; turn += 1) {
        const piece = bytes.subarray(at, at + 4 + (steps[turn % steps.length] ?? 0));
        const end = wholeCharactersEnd(piece);
        expect(end).toBeGreaterThan(0);
        read += piece.toString('utf8', 0, end);
        at += end;
      }
      expect(read).toBe(bytes.toString('utf8'));
    }),
  );
});

it('never leaves more than three bytes, whatever the bytes are', () => {
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => {
      const end = wholeCharactersEnd(bytes);
      expect(bytes.length - end).toBeLessThanOrEqual(3);
      expect(end).toBeLessThanOrEqual(bytes.length);
      expect(firstCharacterStart(bytes)).toBeLessThanOrEqual(3);
    }),
  );
});

it.each([
  [[0x61, 0xe2], 1],
  [[0x61, 0xe2, 0x82], 1],
  [[0x61, 0xe2, 0x82, 0xac], 4],
  [[0xf0, 0x9f, 0x98], 0],
  [[0x61, 0xff], 2],
  [[0x80, 0x80, 0x80, 0x80], 4],
])('ends the whole characters of %j after %i bytes', (bytes, end) => {
  expect(wholeCharactersEnd(Uint8Array.from(bytes))).toBe(end);
});

it.each([
  [[0x82, 0xac, 0x61], 2],
  [[0x61, 0x62], 0],
  [[0x80, 0x80, 0x80, 0x80], 0],
])('begins the first character of %j at %i', (bytes, start) => {
  expect(firstCharacterStart(Uint8Array.from(bytes))).toBe(start);
});
