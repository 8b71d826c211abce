import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const NAME = 'codewalkers';

/** Where this package lies. The built CLI is split into files at several depths, so it is looked for upwards. */
export function packageRoot(): string {
  let directory = dirname(fileURLToPath(import.meta.url));
  for (;;) {
    if (manifestIn(directory)?.name === NAME) return directory;
    const parent = dirname(directory);
    if (parent === directory) throw new Error(`The package ${NAME} around ${import.meta.url} is not complete.`);
    directory = parent;
  }
}

/** The version of this package. */
export function packageVersion(): string {
  return manifestIn(packageRoot())?.version ?? 'unknown';
}

/** What is run to start a server. */
export function serverProgram(): string {
  return join(packageRoot(), 'bin', 'cw.js');
}

function manifestIn(directory: string): { readonly name: string; readonly version: string } | undefined {
  let text: string;
  try {
    text = readFileSync(join(directory, 'package.json'), 'utf8');
  } catch {
    return undefined;
  }
  const manifest: unknown = JSON.parse(text);
  if (typeof manifest !== 'object' || manifest === null) return undefined;
  const { name, version } = manifest as { name?: unknown; version?: unknown };
  return typeof name === 'string' && typeof version === 'string' ? { name, version } : undefined;
}
