import { appendFile, mkdir, readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createAttemptFiles } from '../../../src/infrastructure/filesystem/attempt-files.js';
import { createRunFiles } from '../../../src/infrastructure/filesystem/run-files.js';
import { temporaryDirectory } from '../../support/agents/temporary-directory.js';

const ATTEMPT = 'task_00000000001-1';

async function openRuns() {
  const directory = await temporaryDirectory();
  const runsDirectory = join(directory.path, 'runs');
  await mkdir(runsDirectory);
  return {
    runsDirectory,
    runFiles: createRunFiles({ runsDirectory }),
    attemptFiles: createAttemptFiles({ runsDirectory }),
    [Symbol.asyncDispose]: () => directory[Symbol.asyncDispose](),
  };
}

/** A signal for a wait that the test expects to end by itself. */
const whatever = () => new AbortController().signal;

it('reads nothing where there is no file, and at the end of one', async () => {
  await using runs = await openRuns();
  expect(await runs.runFiles.read(ATTEMPT, 7)).toEqual({ offset: 7, end: 7, text: '' });
  const { outputFile } = await runs.attemptFiles.prepare(ATTEMPT);
  await writeFile(outputFile, 'abc');
  expect(await runs.runFiles.read(ATTEMPT, 3)).toEqual({ offset: 3, end: 3, text: '' });
  expect(await runs.runFiles.read(ATTEMPT, 99)).toEqual({ offset: 99, end: 99, text: '' });
});

it('reads a long output piece by piece without breaking a character', async () => {
  await using runs = await openRuns();
  const { outputFile } = await runs.attemptFiles.prepare(ATTEMPT);
  const whole = `a${'€😀'.repeat(30_000)}`;
  await writeFile(outputFile, whole);
  let text = '';
  for (let offset = 0, size = -1; size !== offset; ) {
    const chunk = await runs.runFiles.read(ATTEMPT, offset);
    expect(chunk.offset).toBe(offset);
    expect(chunk.end - offset).toBeLessThanOrEqual(65_536);
    text += chunk.text;
    size = offset;
    offset = chunk.end;
  }
  expect(text).toBe(whole);
});

it('leaves a half-written character for the next read', async () => {
  await using runs = await openRuns();
  const { outputFile } = await runs.attemptFiles.prepare(ATTEMPT);
  const euro = Buffer.from('€');
  await writeFile(outputFile, Buffer.concat([Buffer.from('a'), euro.subarray(0, 2)]));
  expect(await runs.runFiles.read(ATTEMPT, 0)).toEqual({ offset: 0, end: 1, text: 'a' });
  await appendFile(outputFile, euro.subarray(2));
  expect(await runs.runFiles.read(ATTEMPT, 1)).toEqual({ offset: 1, end: 4, text: '€' });
});

it('passes over bytes that are no text', async () => {
  await using runs = await openRuns();
  const { outputFile } = await runs.attemptFiles.prepare(ATTEMPT);
  await writeFile(outputFile, Buffer.from([0xff, 0xfe, 0x80, 0x61]));
  expect(await runs.runFiles.read(ATTEMPT, 0)).toEqual({ offset: 0, end: 4, text: '\uFFFD\uFFFD\uFFFDa' });
});

it('wakes for output, for the file, for the directory: whatever comes next', async () => {
  await using runs = await openRuns();
  const directory = runs.runFiles.grown(ATTEMPT, whatever());
  const { outputFile } = await runs.attemptFiles.prepare(ATTEMPT);
  await directory;

  const file = runs.runFiles.grown(ATTEMPT, whatever());
  await writeFile(outputFile, '');
  await file;

  const output = runs.runFiles.grown(ATTEMPT, whatever());
  await appendFile(outputFile, 'x');
  await output;
});

it('loses no wake-up of a writer that never waits for its reader', async () => {
  await using runs = await openRuns();
  const { outputFile } = await runs.attemptFiles.prepare(ATTEMPT);
  const lines = 500;
  const writer = (async () => {
    for (let line = 0; line < lines; line += 1) await appendFile(outputFile, `${line}\n`);
  })();
  let text = '';
  let offset = 0;
  while (!text.endsWith(`\n${lines - 1}\n`)) {
    const abort = new AbortController();
    const grown = runs.runFiles.grown(ATTEMPT, abort.signal);
    const chunk = await runs.runFiles.read(ATTEMPT, offset);
    if (chunk.end === offset) await grown;
    abort.abort();
    text += chunk.text;
    offset = chunk.end;
  }
  await writer;
  expect(text.split('\n')).toHaveLength(lines + 1);
});

it('stops waiting when it is aborted, and leaves no watch and no listener behind', async () => {
  await using runs = await openRuns();
  await runs.attemptFiles.prepare(ATTEMPT);
  const openWatches = () => process.getActiveResourcesInfo().filter((name) => name === 'FSEventWrap').length;
  const before = openWatches();
  const abort = new AbortController();
  const waiting = Array.from({ length: 5 }, () => runs.runFiles.grown(ATTEMPT, abort.signal));
  abort.abort();
  await Promise.all(waiting);
  await runs.runFiles.grown(ATTEMPT, AbortSignal.abort());
  expect(openWatches()).toBe(before);
});

it('looks again after a while where nothing can be watched', async () => {
  await using directory = await temporaryDirectory();
  const runFiles = createRunFiles({ runsDirectory: join(directory.path, 'not-there') });
  await expect(runFiles.grown(ATTEMPT, whatever())).resolves.toBeUndefined();
});

it('refuses a name that is no attempt', async () => {
  await using runs = await openRuns();
  await expect(runs.runFiles.read('../x', 0)).rejects.toMatchObject({ code: 'invalid_input' });
  await expect(runs.runFiles.grown('../x', whatever())).rejects.toMatchObject({ code: 'invalid_input' });
});

it('keeps prompts for the owner alone, and replaces the one of an earlier turn', async () => {
  await using runs = await openRuns();
  await runs.attemptFiles.prepare(ATTEMPT);
  await runs.attemptFiles.writePrompt(ATTEMPT, 'the first prompt');
  const path = await runs.attemptFiles.writePrompt(ATTEMPT, 'second');
  const modes = [path, join(runs.runsDirectory, ATTEMPT)].map(async (file) => (await stat(file)).mode & 0o777);
  expect(await Promise.all(modes)).toEqual([0o600, 0o700]);
  expect((await stat(path)).size).toBe(6);
  expect(await readdir(join(runs.runsDirectory, ATTEMPT))).toEqual(['prompt.txt']);
});

it('keeps results for the owner alone, before anything else of the attempt is there', async () => {
  await using runs = await openRuns();
  await runs.attemptFiles.writeResults(ATTEMPT, '[1]');
  const path = await runs.attemptFiles.writeResults(ATTEMPT, '[]');
  expect(path).toBe(join(runs.runsDirectory, ATTEMPT, 'results.json'));
  const modes = [path, join(runs.runsDirectory, ATTEMPT)].map(async (file) => (await stat(file)).mode & 0o777);
  expect(await Promise.all(modes)).toEqual([0o600, 0o700]);
  expect((await stat(path)).size).toBe(2);
});

it('says where the whole output lies, if there is one', async () => {
  await using runs = await openRuns();
  expect(await runs.runFiles.locate(ATTEMPT)).toBeNull();
  const { outputFile } = await runs.attemptFiles.prepare(ATTEMPT);
  expect(await runs.runFiles.locate(ATTEMPT)).toBeNull();
  await writeFile(outputFile, 'x');
  expect(await runs.runFiles.locate(ATTEMPT)).toBe(join(runs.runsDirectory, ATTEMPT, 'output.log'));
  await expect(runs.runFiles.locate('../x')).rejects.toMatchObject({ code: 'invalid_input' });
});

it('gives the tail of an output that is not there as an empty one', async () => {
  await using runs = await openRuns();
  expect(await runs.attemptFiles.tail(ATTEMPT)).toEqual({ text: '', truncated: false, bytes: 0 });
  const { outputFile } = await runs.attemptFiles.prepare(ATTEMPT);
  await writeFile(outputFile, '');
  expect(await runs.attemptFiles.tail(ATTEMPT)).toEqual({ text: '', truncated: false, bytes: 0 });
});
