import { execFileSync } from 'node:child_process';
import type { DataSet, RecallItem, RecallQuery } from './data-set.js';

interface Commit {
  readonly hash: string;
  readonly author: string;
  readonly at: number;
  readonly subject: string;
  readonly body: string;
}

/** Longest output of `git log` that is read, in bytes. */
const MAX_LOG = 512 * 1024 * 1024;
const HASH = /\b[0-9a-f]{7,40}\b/g;
const CITES =
  /\b(?:fix(?:es|ed)?|revert(?:s|ed)?|regress\w*|introduced|broken|since|after|commit|follow-?up|see|caused)\b/i;
const REVERTED = /^(?:Re-?apply|Revert) "(.+)"$/;

/**
 * Commits as items and, as questions, subjects of later commits that cite or revert an earlier one by its hash or
 * subject. `log` is what `git log` prints in its default format.
 */
export function commitSet(name: string, log: string): DataSet {
  const commits = parseLog(log).sort((a, b) => a.at - b.at);
  const byHash = new Map(commits.map((commit) => [commit.hash, commit]));
  const byPrefix = new Map(commits.map((commit) => [commit.hash.slice(0, 7), commit]));
  const bySubject = new Map<string, Commit>();
  const queries: RecallQuery[] = [];
  for (const commit of commits) {
    const relevant = new Set<string>();
    for (const line of commit.body.split('\n')) {
      if (!CITES.test(line)) continue;
      for (const [hash] of line.matchAll(HASH)) {
        const cited = byHash.get(hash) ?? byPrefix.get(hash.slice(0, 7));
        if (cited?.hash.startsWith(hash) === true && cited.at < commit.at) relevant.add(cited.hash);
      }
    }
    const reverted = REVERTED.exec(commit.subject)?.[1];
    const cited = reverted === undefined ? undefined : bySubject.get(reverted);
    if (cited !== undefined && cited.at < commit.at) relevant.add(cited.hash);
    if (relevant.size > 0 && relevant.size <= 5) {
      queries.push({
        id: `q-${commit.hash.slice(0, 12)}`,
        text: commit.subject,
        at: commit.at - 1,
        relevant: [...relevant],
      });
    }
    bySubject.set(commit.subject, commit);
  }
  return { name, items: commits.map((commit) => toItem(name, commit)), queries };
}

/** The whole history of a repository. */
export function readGitLog(directory: string): string {
  return execFileSync('git', ['-C', directory, 'log', '--no-decorate', '--no-color'], {
    encoding: 'utf8',
    maxBuffer: MAX_LOG,
  });
}

function toItem(name: string, { hash, author, at, subject, body }: Commit): RecallItem {
  const day = new Date(at).toISOString().slice(0, 10);
  return {
    id: hash,
    session: `${name} ${author} ${day}`,
    at,
    who: author,
    title: subject,
    text: body === '' ? subject : `${subject}\n\n${body}`,
  };
}

function parseLog(log: string): Commit[] {
  return log.split(/^commit (?=[0-9a-f]{40})/m).flatMap((entry) => {
    const head = /^([0-9a-f]{40}).*\n(?:Merge: .*\n)?Author: +(.*?) <.*>\nDate: +(.*)\n/.exec(entry);
    if (head === null) return [];
    const message = entry
      .slice(head[0].length)
      .split('\n')
      .filter((line) => line.startsWith('    '))
      .map((line) => line.slice(4));
    const [subject, ...body] = message;
    const at = Date.parse(head[3] ?? '');
    if (subject === undefined || Number.isNaN(at)) return [];
    return [{ hash: head[1] ?? '', author: head[2] ?? '', at, subject, body: body.join('\n').trim() }];
  });
}
