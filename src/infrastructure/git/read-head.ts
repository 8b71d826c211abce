import { join } from 'node:path';
import { readRegularFile } from '../../read-regular-file.js';
import type { GitDirectories } from './find-git-directory.js';

/** Largest file that holds one ref, in bytes. */
const MAX_REF_BYTES = 8_192;
/** Largest `packed-refs`, in bytes: some 200,000 refs. In a larger one the commit is left to the program. */
const MAX_PACKED_REFS_BYTES = 16 * 1_024 * 1_024;
/** Refs may point to refs; git follows five. */
const MAX_HOPS = 5;
const COMMIT = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;

/** What is checked out. */
export interface Head {
  readonly branch: string | null;
  readonly commit: string | null;
}

/** Reads HEAD. A repository that keeps its refs otherwise (reftable) has nothing to say here. */
export async function readHead(directories: Pick<GitDirectories, 'own' | 'common'>): Promise<Head> {
  const text = (await readRegularFile(join(directories.own, 'HEAD'), MAX_REF_BYTES))?.trimEnd() ?? '';
  const ref = refIn(text);
  if (ref === null) return { branch: null, commit: COMMIT.test(text) ? text : null };
  const branch = ref.startsWith('refs/heads/') ? ref.slice('refs/heads/'.length) : null;
  // This is what HEAD says where it must look like a repository to old programs and is none of theirs.
  if (branch === '.invalid') return { branch: null, commit: null };
  return { branch, commit: await commitOf(ref, directories) };
}

async function commitOf(
  start: string,
  { own, common }: Pick<GitDirectories, 'own' | 'common'>,
): Promise<string | null> {
  let ref = start;
  for (let hop = 0; hop < MAX_HOPS; hop += 1) {
    const loose =
      (await readRegularFile(join(common, ref), MAX_REF_BYTES)) ??
      (await readRegularFile(join(own, ref), MAX_REF_BYTES));
    if (loose === null) return packedCommit(ref, common);
    const text = loose.trimEnd();
    const next = refIn(text);
    if (next === null) return COMMIT.test(text) ? text : null;
    ref = next;
  }
  return null;
}

/** The ref that a symbolic one points to, if it has a name that stays within the repository. */
function refIn(text: string): string | null {
  const name = /^ref:\s*(refs\/[^\0-\x20\x7f~^:?*[\\]+)$/.exec(text)?.[1] ?? null;
  return name?.split('/').some((part) => part === '' || part === '..' || part === '.') === true ? null : name;
}

async function packedCommit(ref: string, common: string): Promise<string | null> {
  const text = (await readRegularFile(join(common, 'packed-refs'), MAX_PACKED_REFS_BYTES)) ?? '';
  const end = text.indexOf(` ${ref}\n`);
  if (end < 0) return null;
  const commit = text.slice(text.lastIndexOf('\n', end) + 1, end);
  return COMMIT.test(commit) ? commit : null;
}
