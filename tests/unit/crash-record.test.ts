import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import {
  CRASH_WINDOW_MS,
  forgetCrashes,
  MAX_CRASHES,
  recordStart,
  restAfterCrashes,
  withdrawStart,
} from '../../src/home/crash-record.js';

let directory: string;
let file: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'cw-crashes-'));
  file = join(directory, 'crashes.json');
});
afterEach(() => rmSync(directory, { recursive: true }));

async function crash(times: number, apartMs: number): Promise<number> {
  for (let n = 1; n <= times; n += 1) await recordStart(file, n * apartMs);
  return times * apartMs;
}

it('lets a server rest after a loop of crashes, and no longer', async () => {
  const last = await crash(MAX_CRASHES, 1_000);
  const restMs = await restAfterCrashes(file, last);
  expect(restMs).toBeGreaterThan(0);
  expect(await restAfterCrashes(file, last + restMs)).toBe(0);
});

it('does not take for a loop what is spread out, one less, or a clock that was set back', async () => {
  expect(await restAfterCrashes(file, 0)).toBe(0);
  const last = await crash(MAX_CRASHES - 1, 1_000);
  expect(await restAfterCrashes(file, last)).toBe(0);
  const spread = await crash(MAX_CRASHES, CRASH_WINDOW_MS / 2);
  expect(await restAfterCrashes(file, spread)).toBe(0);
  expect(await restAfterCrashes(file, 0)).toBe(0);
});

it('takes back a start that went well, and forgets all', async () => {
  const last = await crash(MAX_CRASHES, 1_000);
  await withdrawStart(file, last);
  expect(await restAfterCrashes(file, last)).toBe(0);
  await forgetCrashes(file);
  expect(existsSync(file)).toBe(false);
});

it('is never kept from a start by what the file holds', async () => {
  for (const text of ['', '{', '{"a":1}', '["x",null]']) {
    writeFileSync(file, text, { mode: 0o600 });
    expect(await restAfterCrashes(file, 0)).toBe(0);
  }
});
