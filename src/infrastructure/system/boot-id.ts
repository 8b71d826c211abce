import { readFileSync } from 'node:fs';

/** Names the machine's present run, from one boot to the next: 32 hex digits on Linux; null where nothing says it. */
export function bootId(): string | null {
  try {
    const id = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim().replaceAll('-', '');
    return /^[0-9a-f]{32}$/.test(id) ? id : null;
  } catch {
    return null;
  }
}
