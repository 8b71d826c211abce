import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { cutTexts } from '../../../src/infrastructure/process/agent/cut-message.js';
import { parseLongLine } from '../../../src/infrastructure/process/agent/parse-long-line.js';
import { temporaryDirectory } from '../../support/agents/temporary-directory.js';

it('cuts long texts in their middle, wherever they are, and leaves all else as it is', () => {
  const text = `begin${'x'.repeat(1_000)}end`;
  const { value } = cutTexts({ a: [text, 1, null, { __proto__: null, b: text }], short: 'short', no: false }, 100);
  const cut = expect.stringMatching(/^beginx+\n… cut here; 1008 characters in all …\nx+end$/) as string;
  expect(value).toEqual({ a: [cut, 1, null, { b: cut }], short: 'short', no: false });
});

it('never cuts within a character that takes two units', () => {
  for (let limit = 60; limit < 70; limit += 1) {
    const { value } = cutTexts('😀'.repeat(100), limit);
    expect(value).toMatch(/^(?:😀)+\n… .* …\n(?:😀)+$/u);
    expect(String(value).length).toBeLessThanOrEqual(limit);
  }
});

it('keeps a name that JSON may have and a program must not follow', () => {
  const { value } = cutTexts(JSON.parse('{"__proto__": {"polluted": "yes"}}'), 100);
  expect(JSON.stringify(value)).toBe('{"__proto__":{"polluted":"yes"}}');
  expect({}).not.toHaveProperty('polluted');
});

it('cuts many long texts shorter than few, and gives up on a line of too many parts', async () => {
  await using directory = await temporaryDirectory();
  const file = join(directory.path, 'line');
  const read = async (value: unknown) => {
    const text = JSON.stringify(value);
    await writeFile(file, text);
    return (await parseLongLine({ file, start: 0, length: Buffer.byteLength(text) })).message;
  };
  const texts = (await read(Array.from({ length: 40 }, () => 'z'.repeat(1_000_000)))) as string[];
  expect(texts).toHaveLength(40);
  expect(texts.join('').length).toBeLessThanOrEqual(4 * 1_048_576);
  expect(await read(Array.from({ length: 400_000 }, (_, n) => n))).toBeUndefined();
});
