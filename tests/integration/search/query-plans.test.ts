import { expect, it } from 'vitest';
import { DOCUMENT_READS } from '../../../src/infrastructure/sqlite/document-reads.js';
import { openSearchBench } from '../../support/search.js';

const INDEX = 'VIRTUAL TABLE INDEX 0:M4';
/** The index itself goes from the greatest key down: nothing is sorted. */
const NEWEST_FIRST = 'VIRTUAL TABLE INDEX 192:M4';
const DOCUMENT = 'USING INTEGER PRIMARY KEY (rowid=?)';

/** What SQLite does for each statement: none walks a table, and none sorts more than a page. */
const PLANS: Record<keyof typeof DOCUMENT_READS, string> = {
  state: 'SCAN document_count; SCALAR SUBQUERY; SEARCH document',
  count: `CO-ROUTINE (subquery-1); SCAN document_index ${NEWEST_FIRST}; SCAN (subquery-1)`,
  matching: `SCAN document_index ${INDEX}`,
  matchingWithin: `SCAN i ${INDEX}; SEARCH d ${DOCUMENT}`,
  newest: `SCAN i ${NEWEST_FIRST}; SEARCH d ${DOCUMENT}`,
  document: `SEARCH d ${DOCUMENT}; SEARCH t ${DOCUMENT}`,
  ordinal: `SEARCH document ${DOCUMENT}`,
  kind: `SEARCH document ${DOCUMENT}`,
  before: 'SEARCH document USING COVERING INDEX document_session (session_id=? AND at<?)',
  after: 'SEARCH document USING COVERING INDEX document_session (session_id=? AND at>? AND at<?)',
  placeAt: 'SEARCH document USING INDEX document_time (at<?)',
  recentKey: 'SEARCH document USING COVERING INDEX document_time (at<?)',
  startingWith: 'SEARCH word USING COVERING INDEX sqlite_autoindex_word_1 (word>? AND word<?)',
  containing: 'SCAN word_part VIRTUAL TABLE INDEX 0:L0',
};

it.each(Object.entries(DOCUMENT_READS))('%s is answered from an index', (name, sql) => {
  using bench = openSearchBench();
  const plan = bench.database
    .prepare<unknown[], { detail: string }>(`EXPLAIN QUERY PLAN ${sql}`)
    .all(...Array.from({ length: sql.split('?').length - 1 }, () => '1'));
  const details = plan.map(({ detail }) => detail.replace(/ SUBQUERY \d+$/, ' SUBQUERY').replace(/(M4|L0).*$/, '$1'));
  expect(details.join('; ')).toBe(PLANS[name as keyof typeof DOCUMENT_READS]);
});
