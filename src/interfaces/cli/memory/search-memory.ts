import type { SearchMemory } from '../../../application/memory/search-memory.js';
import { EXIT, type ExitCode } from '../../../exit-codes.js';
import type { Context } from '../context.js';
import { parseId } from '../input/id.js';
import { parsePastTime } from '../input/past-time.js';
import type { ListOptions } from '../list/list-options.js';
import { readPages } from '../list/read-pages.js';
import { connect } from '../server/connect.js';
import { createTerminal } from '../terminal.js';
import { findWorkspace } from '../workspace/find-workspace.js';
import { printEntries } from './print-entries.js';

export interface SearchOptions extends ListOptions {
  readonly workspace?: string;
  readonly session?: string;
  readonly type?: string[];
  readonly file?: string[];
  readonly concept?: string[];
  readonly who?: string[];
  readonly since?: string;
  readonly until?: string;
}

/** Prints what answers a question best, best first; without a question the newest. */
export async function searchMemory(context: Context, words: string[], options: SearchOptions): Promise<ExitCode> {
  const { session, since, until } = options;
  const times = {
    since: since === undefined ? undefined : parsePastTime(since, '--since'),
    until: until === undefined ? undefined : parsePastTime(until, '--until'),
  };
  const sessionId = session === undefined ? undefined : parseId('session', session);
  await using client = await connect(context);
  const request = {
    query: words.join(' '),
    workspaceId: options.workspace === undefined ? undefined : await findWorkspace(client, options.workspace),
    sessionId,
    // Commander has let through none but the types that there are.
    types: options.type as SearchMemory['types'],
    files: options.file,
    concepts: options.concept,
    who: options.who,
    ...times,
  };
  const page = await readPages(
    options,
    (text): text is string => text !== '',
    (part) => client.observation.search.query({ ...request, ...part }),
  );
  const terminal = createTerminal(context);
  if (options.json === true) terminal.printJson(page);
  else if (page.items.length === 0) terminal.note('Nothing is remembered of that.');
  else {
    printEntries(terminal, page.items);
    if (page.nextCursor !== null) terminal.note('There are more: a higher --limit shows them.');
  }
  return EXIT.done;
}
