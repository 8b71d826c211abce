import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { codeOf } from './domain/shared/thrown.js';

const NAME = 'codewalkers';

/** Where this package lies. Built files lie at several depths, so it is looked for upwards. */
export function packageRoot(): string {
  return find().root;
}

/** The version of this package. */
export function packageVersion(): string {
  return find().version;
}

/** What is run to start a server. */
export function serverProgram(): string {
  return join(packageRoot(), 'bin', 'cw.js');
}

function find(): { readonly root: string; readonly version: string } {
  let root = dirname(fileURLToPath(import.meta.url));
  for (;;) {
    const { name, version } = manifestIn(root);
    if (name === NAME && typeof version === 'string') return { root, version };
    const parent = dirname(root);
    if (parent === root)
      throw new Error(`The package ${NAME} around ${import.meta.url} is not complete; install it anew.`);
    root = parent;
  }
}

function manifestIn(directory: string): { readonly name?: unknown; readonly version?: unknown } {
  try {
    return JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8')) as object;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return {};
    throw error;
  }
}
