import { describe, expect, it } from 'vitest';
import type { Document } from '../../../src/domain/memory/document.js';
import type { DocumentFilter, SearchRequest } from '../../../src/domain/memory/search-request.js';
import { openSearchBench, SEARCH_TIME } from '../../support/search.js';

describe('search', () => {
  it.each<[question: string, finds: string]>([
    ['getUserById', 'Add getUserById to the repository'],
    ['user by id', 'Add getUserById to the repository'],
    ['get_user_by_id', 'Add getUserById to the repository'],
    ['event loop', 'The event-loop was blocked'],
    ['eventLoop', 'The event-loop was blocked'],
    ['MAX_RETRY_COUNT', 'Raise max_retry_count to five'],
    ['retry', 'Raise max_retry_count to five'],
    ['src/domain/task/backoff.ts', 'Look at src/domain/task/backoff.ts again'],
    ['backoff.ts', 'Look at src/domain/task/backoff.ts again'],
    ['connections', 'A connection was lost while connecting'],
    ['connected', 'A connection was lost while connecting'],
    ['reposit', 'Add getUserById to the repository'],
    ['epositor', 'Add getUserById to the repository'],
    ['数据库', '连接数据库的时候超时'],
    ['超时', '连接数据库的时候超时'],
    ['库', '连接数据库的时候超时'],
    ['データベース', 'データベースへの接続が切れた'],
    ['接続', 'データベースへの接続が切れた'],
    ['cafe', 'Das Café schließt um acht'],
    ['CAFÉ', 'Das Café schließt um acht'],
    ['C++', 'Build the C++ addon'],
    ['"lost while"', 'A connection was lost while connecting'],
    ['addon NEAR( AND OR NOT * build', 'Build the C++ addon'],
    ['who raised the retry count in production last year', 'Raise max_retry_count to five'],
  ])('%s finds "%s"', (question, expected) => {
    using bench = openSearchBench();
    const bodies = [
      'Add getUserById to the repository',
      'The event-loop was blocked',
      'Raise max_retry_count to five',
      'Look at src/domain/task/backoff.ts again',
      'A connection was lost while connecting',
      '连接数据库的时候超时',
      'データベースへの接続が切れた',
      'Das Café schließt um acht',
      'Build the C++ addon',
      'Nothing to see here',
    ];
    bench.add(...bodies.map((body) => ({ body })));
    expect(bench.keys(question)[0]).toBe(bodies.indexOf(expected) + 1);
  });

  it('finds nothing for what is not there, for signs alone, and in an empty index', () => {
    using bench = openSearchBench();
    expect(bench.keys('anything')).toEqual([]);
    bench.add({ body: 'One thing' });
    expect(bench.keys('zebra')).toEqual([]);
    expect(bench.keys('🎉 *** ""')).toEqual([]);
  });

  it.each<[name: string, filter: DocumentFilter, keys: number[]]>([
    ['a workspace', { workspaces: [2] }, [2]],
    ['workspaces', { workspaces: [2, 3] }, [2, 3]],
    ['a session', { sessions: [7] }, [3]],
    ['a kind', { kinds: ['note'] }, [1]],
    ['types', { types: ['fix', 'note'] }, [1, 2]],
    ['a concept, however it is written', { concepts: ['Event Loop'] }, [3]],
    ['a whole path', { files: ['src/a/one.ts'] }, [2]],
    ['a name', { files: ['one.ts'] }, [2, 3]],
    ['a folder', { files: ['src/b'] }, [3]],
    ['who', { who: ['user'] }, [1]],
    ['no earlier time', { since: SEARCH_TIME - 500 }, [3]],
    ['no later time', { until: SEARCH_TIME - 1_500 }, [1]],
    ['all at once', { workspaces: [2, 3], files: ['one.ts'], types: ['fix'] }, [2]],
    ['what no document has', { workspaces: [9] }, []],
    ['a path of no document', { files: ['///'] }, []],
  ])('is narrowed by %s', (_, filter, keys) => {
    using bench = openSearchBench();
    const common: Partial<Document> = { body: 'The queue is full' };
    bench.add(
      { ...common, kind: 'note', type: 'note', who: 'user', at: SEARCH_TIME - 2_000 },
      { ...common, workspace: 2, type: 'fix', files: ['src/a/one.ts', 'src/a/two.ts'], at: SEARCH_TIME - 1_000 },
      { ...common, workspace: 3, session: 7, files: ['src/b/one.ts'], concepts: ['event-loop'], at: SEARCH_TIME },
    );
    expect(bench.keys('queue', { filter }).sort()).toEqual(keys);
  });

  it('puts what meets more of the question first, and rare words before common ones', () => {
    using bench = openSearchBench();
    bench.add({ body: 'lease renewed by the runner' }, { body: 'the lease of a flat' }, { body: 'runner' });
    for (let n = 0; n < 50; n += 1) bench.add({ body: `the runner ran run ${String(n)}` });
    expect(bench.keys('runner lease').slice(0, 2)).toEqual([1, 2]);
  });

  it('gives the newest without a question, page by page, through the filter', () => {
    using bench = openSearchBench();
    for (let n = 0; n < 5; n += 1) bench.add({ body: 'One', files: n % 2 === 0 ? ['src/a.ts'] : [] });
    expect(bench.keys('', { filter: { files: ['a.ts'] } })).toEqual([5, 3, 1]);
    const { hits, next } = bench.search(' ', { limit: 3 });
    bench.add({ body: 'Later' });
    expect(hits.map(({ key }) => key)).toEqual([5, 4, 3]);
    expect(bench.keys(' ', { limit: 3, cursor: next ?? undefined })).toEqual([2, 1]);
  });

  it('finds an answer that stands beside its question', () => {
    using bench = openSearchBench();
    const session = 5;
    bench.add({ session, who: 'Ann', body: 'Which port does the staging server of the billing team use?' });
    bench.add({ session, who: 'Bob', body: 'It is 8443, they moved it last week.' });
    for (let n = 0; n < 30; n += 1) bench.add({ session: 6 + n, body: `The team server number ${String(n)}` });
    expect(bench.keys('port of the billing staging server').slice(0, 2)).toEqual(expect.arrayContaining([1, 2]));
  });

  it('takes what was said by the one who is named, and on the day that is named', () => {
    using bench = openSearchBench();
    bench.add(
      { who: 'Ann', body: 'I planted tomatoes', at: Date.UTC(2026, 0, 3) },
      { who: 'Bob', body: 'Ann, I planted tomatoes too', at: Date.UTC(2026, 0, 4) },
      { who: 'Bob', body: 'Planted more tomatoes', at: Date.UTC(2026, 0, 9, 8) },
    );
    expect(bench.keys('What did Ann plant?')[0]).toBe(1);
    expect(bench.keys('What was planted on 9 January?')[0]).toBe(3);
  });

  it('prefers the newer of two that say the same', () => {
    using bench = openSearchBench();
    bench.add({ body: 'Fix the build' }, ...Array.from({ length: 20 }, () => ({ body: 'Other' })), {
      body: 'Fix the build',
    });
    expect(bench.keys('fix build')).toEqual([22, 1]);
  });

  it('knows nothing of what was removed, nor of its words', () => {
    using bench = openSearchBench();
    bench.add({ body: 'A secretword here' }, { body: 'Another one here' });
    bench.writes.remove(1);
    bench.writes.remove(1);
    expect(bench.keys('secretword')).toEqual([]);
    expect(bench.keys('here')).toEqual([2]);
    expect(bench.database.prepare('SELECT documents FROM document_count').pluck().get()).toBe(1);
  });

  it('gives the same for the same, and pages without repeats while documents come in', () => {
    using bench = openSearchBench();
    for (let n = 0; n < 120; n += 1)
      bench.add({ session: n % 7, body: `worker ${'queue '.repeat(n % 5)} ${String(n)}` });
    const all = bench.keys('queue worker', { limit: 100 });
    expect(bench.keys('queue worker', { limit: 100 })).toEqual(all);
    const paged: number[] = [];
    let cursor: SearchRequest['cursor'];
    for (let page = 0; page < 40; page += 1) {
      const { hits, next } = bench.search('queue worker', { limit: 7, cursor });
      paged.push(...hits.map(({ key }) => key));
      bench.add({ body: 'queue worker queue worker' });
      if (next === null) break;
      cursor = next;
    }
    expect(paged.slice(0, 100)).toEqual(all);
    expect(new Set(paged).size).toBe(paged.length);
    expect(paged).toHaveLength(120);
  });

  it('answers a question of words that are everywhere, from the newest', () => {
    using bench = openSearchBench();
    bench.database.transaction(() => {
      for (let n = 0; n < 20_000; n += 1)
        bench.add({ body: n === 5 ? 'server error' : n % 2 === 0 ? 'server' : 'error', at: SEARCH_TIME });
    })();
    expect(bench.keys('server error', { now: undefined })[0]).toBe(6);
    expect(bench.keys('server error')[0]).toBe(20_000);
  });
});
