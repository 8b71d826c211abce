import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { escapeControls, escapeLines, toOneLine } from '../../../src/interfaces/cli/output/escape-controls.js';
import { toJson } from '../../../src/interfaces/cli/output/json.js';
import { createStreamEscaper } from '../../../src/interfaces/cli/output/stream-escaper.js';

const ESC = '\u001b';
/** All that a terminal may act on, written anew and not taken from what is tested. */
const DANGEROUS = /[\p{Cc}\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/u;
/** Text in which controls are frequent. */
const hostile = fc.string({
  unit: fc.oneof(
    fc.constantFrom(
      ESC,
      '[',
      ']',
      '3',
      '1',
      'm',
      ';',
      '\r',
      '\n',
      '\t',
      '\u0007',
      '\u009b',
      '\u202e',
      '\u2066',
      '\u2028',
      '\u007f',
    ),
    fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
  ),
});

describe('text from outside in one line', () => {
  it('never holds what a terminal acts on', () => {
    fc.assert(
      fc.property(hostile, (text) => !DANGEROUS.test(escapeControls(text)) && !DANGEROUS.test(toOneLine(text))),
    );
  });

  it('shows what was there', () => {
    expect(escapeControls(`a${ESC}]0;title\u0007\n\t\u009b2J\u202eb`)).toBe('a\\x1b]0;title\\x07\\n\\t\\x9b2J\\u202eb');
    expect(toOneLine('  two\n\n lines\t')).toBe('two lines');
  });

  it('leaves ordinary text of every language alone', () => {
    const text = 'naïve — 日本語 👩‍💻 עברית';
    expect(escapeControls(text)).toBe(text);
  });
});

describe('text from outside over many lines', () => {
  it('keeps line breaks and tabs only', () => {
    expect(escapeLines(`a\r\n\tb${ESC}c`)).toBe('a\\r\n\tb\\x1bc');
    fc.assert(fc.property(hostile, (text) => !DANGEROUS.test(escapeLines(text).replaceAll(/[\n\t]/g, ''))));
  });
});

describe('JSON', () => {
  it('is the same data and harmless', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        expect(JSON.parse(toJson({ [text]: text }))).toEqual({ [text]: text });
        expect(toJson(text)).not.toMatch(DANGEROUS);
      }),
    );
  });
});

describe('a stream of output', () => {
  it('lets colours pass on a terminal, and puts them back at its end', () => {
    const escaper = createStreamEscaper(true);
    expect(escaper.write(`${ESC}[1;31mred${ESC}[2J\r\n`) + escaper.end()).toBe(`${ESC}[1;31mred\\x1b[2J\r\n${ESC}[0m`);
  });

  it('escapes colours where none are shown', () => {
    const escaper = createStreamEscaper(false);
    expect(escaper.write(`${ESC}[31mred`) + escaper.end()).toBe('\\x1b[31mred');
  });

  it('puts a colour together that comes in pieces', () => {
    const escaper = createStreamEscaper(true);
    expect([`a${ESC}`, '[3', '1mb', ESC].map((piece) => escaper.write(piece))).toEqual(['a', '', `${ESC}[31mb`, '']);
    expect(escaper.end()).toBe(`\\x1b${ESC}[0m`);
  });

  it('prints the same however it is cut, and nothing but colours that a terminal acts on', () => {
    fc.assert(
      fc.property(fc.array(hostile), fc.boolean(), (pieces, colours) => {
        const cut = createStreamEscaper(colours);
        const whole = createStreamEscaper(colours);
        const printed = pieces.map((piece) => cut.write(piece)).join('') + cut.end();
        expect(printed).toBe(whole.write(pieces.join('')) + whole.end());
        const allowed = new RegExp(colours ? `\\n|\\t|\\r|${ESC}\\[[\\d;:]*m` : '\\n|\\t|\\r', 'g');
        expect(printed.replaceAll(allowed, '')).not.toMatch(DANGEROUS);
      }),
    );
  });
});
