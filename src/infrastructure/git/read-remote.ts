import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { repositoryName } from '../../domain/workspace/repository-name.js';
import { readRegularFile } from '../../read-regular-file.js';

/** Largest `config` that is read, in bytes; thousands of branches fit. */
const MAX_CONFIG_BYTES = 1_048_576;
/** Configs whose remote is remembered, some 200 bytes each; past that the memory starts afresh. */
const MAX_REMEMBERED = 1_000;

interface Remembered {
  readonly mtimeMs: number;
  readonly size: number;
  readonly ino: number;
  readonly name: string | null;
}

/** Finds the name that a repository has by its remote: `origin`, or the first one. Null without one that has a host. */
export function createReadRemote(): (common: string) => Promise<string | null> {
  const remembered = new Map<string, Remembered>();
  return async (common) => {
    const path = join(common, 'config');
    const found = await stat(path).catch(() => null);
    if (found === null) return null;
    const { mtimeMs, size, ino } = found;
    const known = remembered.get(path);
    if (known?.mtimeMs === mtimeMs && known.size === size && known.ino === ino) return known.name;
    const text = (await readRegularFile(path, MAX_CONFIG_BYTES)) ?? '';
    const name = nameIn(text);
    if (remembered.size >= MAX_REMEMBERED) remembered.clear();
    remembered.set(path, { mtimeMs, size, ino, name });
    return name;
  };
}

/** Included files and `insteadOf` are not looked into: what stands in the repository's own config names it. */
function nameIn(config: string): string | null {
  const urls = remoteUrls(config);
  for (const url of [urls.get('origin'), ...urls.values()]) {
    const name = url === undefined ? null : repositoryName(url);
    if (name !== null) return name;
  }
  return null;
}

/** The first `url` of each `[remote "name"]`. */
export function remoteUrls(config: string): Map<string, string> {
  const urls = new Map<string, string>();
  let remote: string | null = null;
  for (const line of config.replace(/\\\r?\n/g, '').split(/\r?\n/)) {
    const section = /^\s*\[\s*([\w.-]+)(?:\s+"((?:[^"\\]|\\.)*)")?\s*\]/.exec(line);
    if (section !== null) {
      const [, name = '', subsection] = section;
      remote = name.toLowerCase() === 'remote' && subsection !== undefined ? subsection.replace(/\\(.)/g, '$1') : null;
      continue;
    }
    const url = remote === null ? undefined : /^\s*url\s*=\s*(.*)$/i.exec(line)?.[1];
    if (remote !== null && url !== undefined && !urls.has(remote)) urls.set(remote, valueOf(url));
  }
  return urls;
}

/** A value without quotes, escapes and the comment behind it. */
function valueOf(text: string): string {
  let value = '';
  let quoted = false;
  for (let at = 0; at < text.length; at += 1) {
    const character = text.charAt(at);
    if (character === '\\') value += text.charAt((at += 1));
    else if (character === '"') quoted = !quoted;
    else if (!quoted && (character === '#' || character === ';')) break;
    else value += character;
  }
  return value.trim();
}
