import { expect, it } from 'vitest';
import { createFoundLately } from '../../../src/infrastructure/filesystem/found-lately.js';

/** A disk whose looks the test counts, under a clock that it moves. */
function openDisk() {
  const disk = { now: 0, looks: 0, holds: 'there' as string | null };
  const lately = createFoundLately<string | null>(() => disk.now);
  const look = () => {
    disk.looks += 1;
    return Promise.resolve(disk.holds);
  };
  return Object.assign(disk, { find: (key = 'one') => lately(key, look), lately });
}

it('looks once in a second for what is there, also when many ask at once', async () => {
  const disk = openDisk();
  expect(await Promise.all([disk.find(), disk.find(), disk.find('two')])).toEqual(['there', 'there', 'there']);
  disk.now = 999;
  await disk.find();
  expect(disk.looks).toBe(2);
  disk.now = 1_000;
  disk.holds = null;
  expect(await disk.find()).toBeNull();
});

it('looks again at once for what was not there, or could not be looked at', async () => {
  const disk = openDisk();
  disk.holds = null;
  expect(await disk.find()).toBeNull();
  disk.holds = 'there';
  expect(await disk.find()).toBe('there');
  await expect(disk.lately('bad', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(await disk.lately('bad', () => Promise.resolve('there'))).toBe('there');
});

it('does not keep more than it may', async () => {
  const disk = openDisk();
  for (let n = 0; n < 1_500; n += 1) await disk.find(String(n));
  await disk.find('1499');
  expect(disk.looks).toBe(1_500);
  await disk.find('0');
  expect(disk.looks).toBe(1_501);
});
