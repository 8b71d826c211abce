import { readFileSync } from 'node:fs';
import type { HomePaths } from '../../../home/home-paths.js';

/** Of a longer log only this many of its last UTF-16 code units are looked at. */
const LOOKED_AT = 4_000;
/** Lines of a log that fit on a screen beside the sentence above them; a stack names its cause first. */
const SHOWN_LINES = 12;
const LISTENS = /^Codewalkers \S+ listens on .*$/;

/** The sentence with which a server said why it could not start: all that it printed, if that is one line. */
export function readStartSentence(file: string): string | undefined {
  const [line, ...more] = endOf(file).trim().split('\n');
  return more.length === 0 && line !== '' ? line : undefined;
}

/** The last lines of what the last start printed, or, if that was nothing but that it listens, of the server's log. */
export function readLogEnd({ startLog, serverLog }: HomePaths): string {
  return lastLines(endOf(startLog)) || lastLines(endOf(serverLog));
}

function lastLines(text: string): string {
  const lines = text.split('\n').filter((line) => line.trim() !== '' && !LISTENS.test(line));
  return lines.slice(-SHOWN_LINES).join('\n');
}

/** A log that cannot be read has nothing to tell. */
function endOf(file: string): string {
  try {
    return readFileSync(file, 'utf8').slice(-LOOKED_AT);
  } catch {
    return '';
  }
}
