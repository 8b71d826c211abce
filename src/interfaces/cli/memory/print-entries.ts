import type { MemoryEntry } from '../../../application/memory/memory-entry.js';
import { escapeControls, toOneLine } from '../output/escape-controls.js';
import { formatMoment } from '../output/times.js';
import type { Terminal } from '../terminal.js';

/** Prints what was found, each with its id, and below it the part of its text that was looked for. */
export function printEntries(terminal: Terminal, entries: readonly MemoryEntry[], anchor: string | null = null): void {
  const now = Date.now();
  const { bold, dim, cyan } = terminal.colours;
  for (const { id, type, title, snippet, at, who, files, pinned } of entries) {
    const marks = [type, who, formatMoment(at, now), pinned ? 'pinned' : null].filter((mark) => mark !== null);
    const line = `${id === anchor ? '> ' : ''}${cyan(id)}  ${bold(toOneLine(title))}  ${dim(marks.join(' · '))}`;
    const shown = toOneLine(snippet.text);
    terminal.print(line);
    if (shown !== '' && shown !== toOneLine(title)) terminal.print(`    ${marked(snippet, bold)}`);
    if (files.length > 0) terminal.print(`    ${dim(files.map(escapeControls).join(', '))}`);
  }
}

/** The snippet with each place that was looked for marked; everything else on one line. */
function marked({ text, highlights }: MemoryEntry['snippet'], mark: (text: string) => string): string {
  let shown = '';
  let end = 0;
  for (const [from, to] of highlights) {
    shown += keepEnds(text.slice(end, from)) + mark(escapeControls(text.slice(from, to)));
    end = to;
  }
  return shown + keepEnds(text.slice(end));
}

/** On one line, with a space where one was at its start or end. */
function keepEnds(text: string): string {
  const inner = toOneLine(text);
  return (/^\s/.test(text) ? ' ' : '') + inner.trim() + (/\S\s+$/.test(text) ? ' ' : '');
}
