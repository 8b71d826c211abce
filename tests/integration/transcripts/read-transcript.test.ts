import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdirSync, renameSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { TRANSCRIPT_START, type TranscriptPlace } from '../../../src/domain/session/transcript-position.js';
import { readTranscript } from '../../../src/infrastructure/transcripts/read-transcript.js';
import { MAX_LINE_BYTES } from '../../../src/infrastructure/transcripts/whole-lines.js';
import { temporaryDirectory } from '../../support/storage.js';
import { asked, called, PROVIDER_SESSION, returned, said, transcriptOf } from '../../support/transcript-lines.js';

const LINES = transcriptOf('/work', [
  asked('List.', 'turn-1'),
  called('t1', 'ls'),
  returned('t1', 'a', 'turn-1'),
  said('It is a.'),
]);

async function opened() {
  const directory = await temporaryDirectory();
  const root = join(directory.path, 'projects');
  mkdirSync(join(root, 'p'), { recursive: true });
  const path = join(root, 'p', 's.jsonl');
  const read = (from: TranscriptPlace = TRANSCRIPT_START, file = path) =>
    readTranscript({
      path: file,
      source: 'claude',
      roots: [join(directory.path, 'nowhere'), root],
      providerSessionId: PROVIDER_SESSION,
      from,
    });
  const readAll = async (from: TranscriptPlace = TRANSCRIPT_START) => {
    const told: string[] = [];
    let tooLong = 0;
    for (let place = from; ; ) {
      const part = await read(place);
      told.push(...part.items.map((item) => (item.kind === 'tool-use' ? item.toolUse.toolUseId : item.text)));
      tooLong += part.tooLong;
      place = part.next;
      if (part.isEnd) return { told, tooLong, next: place };
    }
  };
  return { ...directory, root, path, read, readAll };
}

describe('a transcript', () => {
  it('tells what was asked, done and answered, in order and with its turn', async () => {
    await using it = await opened();
    writeFileSync(it.path, `${LINES.join('\n')}\n`);
    const { items, isEnd, unreadable, next } = await it.read();
    expect(items).toMatchObject([
      { kind: 'prompt', who: 'user', turn: 'turn-1', text: 'List.' },
      {
        kind: 'tool-use',
        toolUse: { toolUseId: 't1', name: 'Bash', turn: 'turn-1', input: { command: 'ls' }, result: 'a' },
      },
      { kind: 'answer', turn: 'turn-1', text: 'It is a.' },
    ]);
    expect([isEnd, unreadable, next.calls]).toEqual([true, 0, {}]);
  });

  it('is read on from where it ended, whatever byte it had grown to', async () => {
    await using it = await opened();
    const bytes = Buffer.from(`${LINES.join('\n')}\n`);
    writeFileSync(it.path, '');
    let place = TRANSCRIPT_START;
    const told: string[] = [];
    for (let at = 0; at < bytes.length; at += 97) {
      appendFileSync(it.path, bytes.subarray(at, at + 97));
      const part = await it.read(place);
      told.push(...part.items.map(({ kind }) => kind));
      expect(part.isEnd).toBe(true);
      place = part.next;
    }
    expect(told).toEqual(['prompt', 'tool-use', 'answer']);
    expect(place.offset).toBe(bytes.length);
  });

  it('that was cut, written anew or replaced is read from its start', async () => {
    await using it = await opened();
    writeFileSync(it.path, `${LINES.join('\n')}\n`);
    const { next } = await it.read();
    expect((await it.read(next)).items).toEqual([]);
    truncateSync(it.path, Buffer.byteLength(LINES[0] ?? '') + 1);
    expect((await it.readAll(next)).told).toEqual(['List.']);
    const others = transcriptOf('/work', [asked('Other.', 'turn-9'), said('x'.repeat(5_000))]);
    writeFileSync(it.path, `${others.join('\n')}\n`);
    expect((await it.readAll(next)).told[0]).toBe('Other.');
    writeFileSync(`${it.path}.new`, `${LINES.join('\n')}\n`);
    renameSync(`${it.path}.new`, it.path);
    expect((await it.readAll(next)).told).toEqual(['List.', 't1', 'It is a.']);
  });

  it('passes over lines that are none, and says how many', async () => {
    await using it = await opened();
    const rubbish = Buffer.from([0, 255, 254, 10, 123, 10, 10]);
    writeFileSync(it.path, Buffer.concat([rubbish, Buffer.from(`${LINES[0] ?? ''}\n["other"]\n{"a":1}\n`)]));
    const { items, unreadable, isEnd } = await it.read();
    expect([items.length, unreadable, isEnd]).toEqual([1, 4, true]);
  });

  it('passes over a line that is too long, however long, and reads what comes after it', async () => {
    await using it = await opened();
    const long = Buffer.alloc(MAX_LINE_BYTES * 5 + 7, 'x');
    writeFileSync(it.path, `${LINES[0] ?? ''}\n`);
    appendFileSync(it.path, long);
    const half = await it.readAll();
    expect([half.told, half.tooLong, half.next.isInLongLine]).toEqual([['List.'], 1, true]);
    appendFileSync(it.path, `\n${LINES.slice(1).join('\n')}\n`);
    expect(await it.readAll(half.next)).toMatchObject({ told: ['t1', 'It is a.'], tooLong: 0 });
  });

  it('takes long lines that are not too long', async () => {
    await using it = await opened();
    const lines = transcriptOf('/work', [
      called('t1', 'ls'),
      returned('t1', 'y'.repeat(3_000_000)),
      asked('More.', 't2'),
    ]);
    writeFileSync(it.path, `${lines.join('\n')}\n`);
    expect((await it.readAll()).told).toEqual(['t1', 'More.']);
  });

  it.each<[string, (path: string, root: string) => string]>([
    ['is not there', (path) => path],
    ['is a directory', (path) => (mkdirSync(path), path)],
    ['is a pipe', (path) => (execFileSync('mkfifo', [path]), path)],
    ['lies elsewhere', (_path, root) => (writeFileSync(join(root, '..', 'x.jsonl'), ''), join(root, '..', 'x.jsonl'))],
    [
      'leads elsewhere',
      (path, root) => (writeFileSync(join(root, '..', 'x'), ''), symlinkSync(join(root, '..', 'x'), path), path),
    ],
    ['leads to itself', (path) => (symlinkSync(path, path), path)],
    ['climbs out', (_path, root) => (writeFileSync(join(root, '..', 'y'), ''), `${root}/p/../../y`)],
  ])('that %s is refused in one sentence, at once', async (_what, make) => {
    await using it = await opened();
    const path = make(it.path, it.root);
    await expect(it.read(TRANSCRIPT_START, path)).rejects.toMatchObject({
      code: 'invalid_input',
      message: expect.stringMatching(/^The transcript [^.]*\.$/) as unknown,
    });
  });

  it('that a link within leads to is read', async () => {
    await using it = await opened();
    writeFileSync(`${it.path}.real`, `${LINES[0] ?? ''}\n`);
    symlinkSync(`${it.path}.real`, it.path);
    expect((await it.readAll()).told).toEqual(['List.']);
    rmSync(it.path);
  });
});
