import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { toolPaths } from '../../../src/domain/tool-use/tool-paths.js';
import { KIT_FIXTURES, needsKit } from '../../support/kit.js';

const PATCH =
  '*** Begin Patch\n*** Update File: src/a.ts\n@@\n-x\n+y\n*** Move to: src/b.ts\n*** Add File: c.md\n+z\n*** Delete File: d\n*** End Patch';

const CASES: readonly [
  tool: string,
  input: unknown,
  paths: { read?: string[]; modified?: string[]; named?: string[] },
][] = [
  ['Read', { file_path: '/w/a.ts', offset: 1 }, { read: ['/w/a.ts'] }],
  ['Edit', { file_path: 'a.ts', old_string: 'b/c.ts', new_string: '' }, { modified: ['a.ts'] }],
  ['Write', { file_path: 'a.ts', content: 'x' }, { modified: ['a.ts'] }],
  [
    'MultiEdit',
    { file_path: 'a.ts', edits: [{ file_path: 'b.ts' }, { old_string: 'x' }] },
    { modified: ['a.ts', 'b.ts'] },
  ],
  ['NotebookEdit', { notebook_path: 'a.ipynb', new_source: 'x' }, { modified: ['a.ipynb'] }],
  ['Glob', { pattern: '**/*.ts', path: 'src' }, { named: ['**/*.ts', 'src'] }],
  ['Grep', { pattern: 'a.b', path: 'src', glob: '*.ts' }, { named: ['src', '*.ts'] }],
  ['read_file', { absolute_path: '/w/a.ts' }, { read: ['/w/a.ts'] }],
  ['read_many_files', { paths: ['a.ts', 'b.ts'], include: ['*.md'] }, { read: ['a.ts', 'b.ts'], named: ['*.md'] }],
  ['write_file', { file_path: 'a.ts', content: '' }, { modified: ['a.ts'] }],
  ['replace', { file_path: 'a.ts', old_string: '', new_string: '' }, { modified: ['a.ts'] }],
  ['write', { filePath: 'a.ts', content: '' }, { modified: ['a.ts'] }],
  ['apply_patch', { input: PATCH }, { modified: ['src/a.ts', 'src/b.ts', 'c.md', 'd'] }],
  ['shell', { command: ['apply_patch', PATCH] }, { modified: ['src/a.ts', 'src/b.ts', 'c.md', 'd'] }],
  ['patch', { patchText: '--- a/x.ts\n+++ b/x.ts\n@@' }, { modified: ['x.ts'] }],
  ['Bash', { command: 'cat src/a.ts | grep x > out.txt' }, { read: ['src/a.ts'], modified: ['out.txt'] }],
  ['bash', { command: 'sudo rm -rf ./build && touch "a.b"' }, { modified: ['./build', 'a.b'] }],
  [
    'run_shell_command',
    { command: 'npm test -- tests/a.test.ts --config=b.json' },
    { named: ['tests/a.test.ts', 'b.json'] },
  ],
  ['Bash', { command: 'echo hello; ls; cd ..; curl https://x.example/a' }, {}],
  ['mcp__files__open', { path: 'a.ts', text: 'b/c' }, { named: ['a.ts'] }],
  ['Read', null, {}],
  ['Read', { file_path: 7 }, {}],
  ['Bash', 'cat a.txt', { read: ['a.txt'] }],
];

describe('the files of a tool use', () => {
  it.each(CASES)('are told of %s with %j', (name, input, paths) => {
    const found = toolPaths({ name, input });
    const expected = { read: [], modified: [], named: [], ...paths };
    if (name.toLowerCase().includes('shell') && Array.isArray((input as { command?: unknown }).command)) {
      expect(found.modified).toEqual(expected.modified);
    } else expect(found).toEqual(expected);
  });

  it('are told of what real agents sent', ({ skip }) => {
    needsKit(skip);
    const seen = new Set<string>();
    for (const agent of ['claude-2.1.197', 'claude-2.1.328', 'codex-0.169.0', 'gemini-0.61.0']) {
      for (const line of readFileSync(`${KIT_FIXTURES}/${agent}/hooks.stdin.jsonl`, 'utf8').trim().split('\n')) {
        const { stdin } = JSON.parse(line) as { stdin?: { tool_name?: string; tool_input?: unknown } };
        if (stdin?.tool_name === undefined) continue;
        const { read, modified } = toolPaths({ name: stdin.tool_name, input: stdin.tool_input });
        for (const path of [...read, ...modified]) seen.add(`${stdin.tool_name} ${path}`);
      }
    }
    expect([...seen]).toEqual(expect.arrayContaining(['Write $WORK/made.txt', 'write_file $WORK/made.txt']));
  });

  it('are bounded, whatever the input', () => {
    const many = Array.from({ length: 100_000 }, (_, index) => `a/${index}`);
    expect(toolPaths({ name: 'read_many_files', input: { paths: many } }).read).toHaveLength(1_000);
    expect(toolPaths({ name: 'Bash', input: { command: `cat ${many.join(' ')}` } }).read).toHaveLength(1_000);
    const deep: unknown = JSON.parse('{"path":'.repeat(100_000) + '1' + '}'.repeat(100_000));
    expect(toolPaths({ name: 'Read', input: deep }).read).toEqual([]);
  });
});
