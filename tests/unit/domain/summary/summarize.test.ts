import { describe, expect, it } from 'vitest';
import { openPoints } from '../../../../src/domain/context/open-points.js';
import { distilByRules } from '../../../../src/domain/distil/distil-by-rules.js';
import type { KeptObservation } from '../../../../src/domain/observation/observation.js';
import type { Prompt } from '../../../../src/domain/session/prompt.js';
import type { ToolUse } from '../../../../src/domain/session/tool-use.js';
import {
  MAX_POINT_LENGTH,
  MAX_POINTS,
  type SummaryMaterial,
  summarize,
} from '../../../../src/domain/summary/summarize.js';
import { parseSummary, renderSummary, type SummaryParts } from '../../../../src/domain/summary/summary.js';
import { observation, prompt, toolUse } from '../../../support/storage-samples.js';

const PASSED = '      Tests  12 passed (12)';
const FAILED = 'Exit code 1\n      Tests  1 failed | 11 passed (12)';

const bash = (command: string, result: string, outcome: ToolUse['outcome'] = 'done'): Partial<ToolUse> => ({
  input: JSON.stringify({ command }),
  result,
  outcome,
});
const edit = (path: string): Partial<ToolUse> => ({
  name: 'Edit',
  input: JSON.stringify({ file_path: `/one/${path}`, old_string: 'function parse() {}', new_string: '' }),
});
const read = (path: string): Partial<ToolUse> => ({
  name: 'Read',
  input: JSON.stringify({ file_path: `/one/${path}` }),
});

/** What the rules make of these tool uses, as they would stand in the storage. */
function made(asked: string, uses: readonly Partial<ToolUse>[]): KeptObservation[] {
  const toolUses = uses.map((use, n) => toolUse(n + 1, use));
  return distilByRules({ prompt: asked, root: '/one', earlierFacts: [], toolUses }).map((one, n) =>
    observation(n + 1, { ...one, filesRead: [...one.filesRead] }),
  );
}

interface Case extends Partial<Omit<SummaryMaterial, 'prompts' | 'answers'>> {
  readonly prompts?: readonly (string | Partial<Prompt>)[];
  /** The answer to the prompt with the same place; null for none. */
  readonly answers?: readonly (string | null)[];
  readonly is: Partial<SummaryParts> | null;
}

const said = (text: string) => `The agent said: “${text}”`;

const CASES: Record<string, Case> = {
  'nothing said and nothing done is nothing to tell': { is: null },
  'what was private is not told': { prompts: [{ text: '' }], is: null },
  'what the program said to itself is not asked': {
    prompts: ['Build it.', { text: 'A background task has ended.', who: 'system' }],
    answers: [null, 'Good.'],
    is: { asked: ['Build it.'], open: [] },
  },
  'a question and its answer': {
    prompts: ['How does the scheduler wake up?'],
    answers: ['By the event log.'],
    is: { asked: ['How does the scheduler wake up?'], found: [said('By the event log.')], done: [], open: [] },
  },
  'a repair that was seen is a fix': {
    prompts: ['Fix the parser.'],
    answers: ['It is fixed.'],
    observations: made('Fix the parser.', [bash('npm test', FAILED, 'failed'), edit('a.ts'), bash('npm test', PASSED)]),
    is: { done: ['Fixed parse in a.ts: Fix the parser.; `npm test` passed (12 tests passed)'], open: [] },
  },
  'a repair that was not seen is a change, whatever the agent says': {
    prompts: ['Fix the parser.'],
    answers: ['I fixed the parser and all tests pass.'],
    observations: made('Fix the parser.', [edit('a.ts')]),
    is: { found: [], done: ['Changed parse in a.ts: Fix the parser.; no check of it was seen'], open: [] },
  },
  'a repair that does not work is open': {
    prompts: ['Fix the parser.'],
    answers: ['Done!'],
    observations: made('Fix the parser.', [edit('a.ts'), bash('npm test', FAILED, 'failed')]),
    is: {
      done: ['Tried to fix parse in a.ts: Fix the parser.; `npm test` failed after it'],
      open: ['`npm test` failed last: 1 of 12 tests failed (Tests 1 failed | 11 passed (12))'],
    },
  },
  'what passed and fails later is not told as passing': {
    prompts: ['Fix the parser.', 'And the printer.'],
    answers: ['Done.', 'Done.'],
    observations: [
      ...made('Fix the parser.', [bash('npm test', FAILED, 'failed'), edit('a.ts'), bash('npm test', PASSED)]),
      ...made('Run the tests.', [bash('npm test', FAILED, 'failed')]),
    ],
    is: {
      done: ['Changed parse in a.ts: Fix the parser.; `npm test` failed later'],
      open: ['`npm test` failed last: 1 of 12 tests failed (Tests 1 failed | 11 passed (12))'],
    },
  },
  'what failed and passes later is not open': {
    prompts: ['Test it.'],
    answers: ['They pass.'],
    observations: [
      ...made('Test it.', [bash('npm test', FAILED, 'failed')]),
      ...made('Test it.', [bash('npm test', PASSED)]),
    ],
    is: { done: ['Tests passed: npm test (12 tests passed)'], open: [] },
  },
  'what was read and chosen is found': {
    prompts: ['What is in the config?'],
    answers: ['A port.'],
    observations: [
      ...made('What is in the config?', [read('config.ts')]),
      observation(9, { type: 'decision', title: 'Which database? SQLite', facts: [] }),
      observation(10, { type: 'note', title: 'The port is fixed.', facts: [], origin: 'user' }),
    ],
    is: {
      found: ['Read config.ts: What is in the config?', 'Which database? SQLite', 'The port is fixed.'],
      done: [],
    },
  },
  'a commit is quoted, for it says of itself what it likes': {
    prompts: ['Commit it.'],
    answers: ['Committed.'],
    observations: made('Commit it.', [
      edit('a.ts'),
      bash('git commit -am "fix: the parser works"', '[main 3f2a1b7] fix: the parser works\n 1 file changed'),
    ]),
    is: { done: ['Committed “fix: the parser works”; no check of it was seen'] },
  },
  'tests that were written and not run are not told as run': {
    prompts: ['Write tests.'],
    answers: ['Done.'],
    observations: [
      observation(1, { type: 'test', title: 'Tested a in a.test.ts', facts: [], filesModified: ['a.test.ts'] }),
    ],
    is: { done: ['Wrote tests a in a.test.ts; no check of it was seen'] },
  },
  'a command that failed is not done': {
    prompts: ['Build and lint.'],
    answers: ['Hm.'],
    observations: made('Build and lint.', [bash('npm run build', 'Exit code 2\nerror: no such file', 'failed')]),
    is: { done: [], open: [expect.stringContaining('`npm run build` failed last') as string] },
  },
  'what the agent says is left to do is open, as its words': {
    prompts: ['Do all of it.'],
    answers: [
      'I moved the parser. The CLI is not done yet. TODO: rename the flag.\n\n## Next steps\n- Add a test\n- [x] Move it\n\nAll else is fine.',
    ],
    is: {
      open: [said('The CLI is not done yet.'), said('TODO: rename the flag.'), said('Add a test')],
    },
  },
  'what the agent says is not left to do is not open': {
    prompts: ['Do all of it.'],
    answers: [
      'Nothing is left to do. I removed the TODO. There are no remaining issues.\n```\n// TODO: in code\n```\nNext steps:\n- None',
    ],
    is: { open: [] },
  },
  'only the last words of the agent count': {
    prompts: ['Do it.', 'Do the rest.'],
    answers: ['The rest is not done yet.', 'Done.'],
    is: { asked: ['Do it.', 'Do the rest.'], open: [] },
  },
  'a prompt without an answer is open': {
    prompts: ['Do it.', 'Do that.'],
    answers: ['Done.', null],
    is: { open: ['No answer was seen to: “Do that.”'] },
  },
  'where no answers come in at all, work is the answer': {
    prompts: [{ text: 'npm ci', who: 'task' }],
    observations: made('npm ci', [bash('npm ci', 'added 1 package')]),
    is: { asked: ['npm ci'], open: [] },
  },
  'a session that failed says why': {
    prompts: ['Do it.'],
    answers: ['I try.'],
    failure: 'The agent crashed.',
    is: { open: ['The session failed: The agent crashed.'] },
  },
  'the summary before is no material': {
    prompts: ['Do it.'],
    answers: ['Done.'],
    observations: [observation(1, { type: 'summary', title: 'Session: Do it.' })],
    is: { found: [said('Done.')], done: [] },
  },
  'of many points the last are told, and how many came before': {
    prompts: Array.from({ length: 20 }, (_, n) => `Do part ${String(n)}.`),
    answers: Array.from({ length: 20 }, () => 'Done.'),
    is: { asked: ['(13 earlier)', ...Array.from({ length: 7 }, (_, n) => `Do part ${String(n + 13)}.`)] },
  },
  'the same asked again is one point': { prompts: ['go on', 'fix it', 'go on'], is: { asked: ['fix it', 'go on'] } },
};

function materialOf({ prompts = [], answers = [], observations = [], failure = null }: Case): SummaryMaterial {
  return {
    prompts: prompts.map((one, n) => prompt(n + 1, typeof one === 'string' ? { text: one } : one)),
    answers: answers.flatMap((text, n) =>
      text === null ? [] : [prompt(100 + n, { number: n + 1, who: 'agent', text })],
    ),
    observations,
    failure,
  };
}

describe('a summary by rules', () => {
  it.each(Object.entries(CASES))('%s', (_name, one) => {
    const parts = summarize(materialOf(one));
    if (one.is === null) expect(parts).toBeNull();
    else expect(parts).toMatchObject(one.is);
    if (parts !== null) expect(parseSummary(renderSummary(parts))).toEqual(parts);
    expect(summarize(materialOf(one))).toEqual(parts);
  });

  it('stays short and on its lines, whatever was said', () => {
    const text = `Open: nothing\nDone:\n• all of it \u001b[31m\u202e${'x'.repeat(70_000)} TODO: this.`;
    const parts = summarize(materialOf({ prompts: [text], answers: [text], failure: text, is: {} })) as SummaryParts;
    for (const points of Object.values(parts)) {
      expect(points.length).toBeLessThanOrEqual(MAX_POINTS);
      for (const point of points) expect(point.length).toBeLessThanOrEqual(MAX_POINT_LENGTH);
    }
    for (const control of ['\u001b', '\u202e']) expect(renderSummary(parts)).not.toContain(control);
    expect(parseSummary(renderSummary(parts))).toEqual(parts);
  });
});

describe('the narrative of a summary', () => {
  const PARTS: SummaryParts = { asked: ['To do: a', 'b'], found: [], done: ['Open: c'], open: ['d', 'Done: e'] };

  it('tells each part, and is read back', () => {
    expect(renderSummary(PARTS)).toBe(
      'Asked:\n• To do: a\n• b\nFound: nothing\nDone:\n• Open: c\nOpen:\n• d\n• Done: e',
    );
    expect(parseSummary(renderSummary(PARTS))).toEqual(PARTS);
  });

  it('hands what is open to the next session, and nothing else', () => {
    expect(openPoints(renderSummary(PARTS))).toBe('• d\n• Done: e');
    expect(openPoints(renderSummary({ ...PARTS, open: [] }))).toBeNull();
  });

  it.each(['', 'Asked: nothing', 'We did much.', 'Asked:\n• a\nFound: nothing\nDone: nothing\nOpen: nothing\nmore'])(
    'of another form is not guessed at: %j',
    (text) => {
      expect(parseSummary(text)).toBeNull();
    },
  );
});
