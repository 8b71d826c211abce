import type { Place } from './place.js';

/** The shape of our own calls, whatever installation wrote them and however it had to quote its paths. */
const OURS = /[\\/]cw\.js["']? hook [a-z-]+ --source [a-z]+( --home .+)?$/;

/** The command line that an agent's hook runs. Agents hand it to a shell. */
export function hookCall({ node, cw, home }: Place, event: string, source: string): string {
  const words = [node, cw, 'hook', event, '--source', source, ...(home === null ? [] : ['--home', home])];
  return words.map(quote).join(' ');
}

/** Whether a hook's command line is one that `cw connect` has written. */
export function isOurCall(command: unknown): boolean {
  return typeof command === 'string' && OURS.test(command);
}

function quote(word: string): string {
  if (/^[\w@%+=:,./-]+$/.test(word)) return word;
  return process.platform === 'win32' ? `"${word}"` : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
