import { readFileSync } from 'node:fs';

/** How many files this process may have open at once; undefined without a limit, and where only Linux would tell. */
export function openFileLimit(): number | undefined {
  if (process.platform !== 'linux') return undefined;
  const soft = /^Max open files\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1];
  return soft === undefined ? undefined : Number(soft);
}
