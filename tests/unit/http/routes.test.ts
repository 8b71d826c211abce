import { expect, it } from 'vitest';
import { pathOf, searchOf } from '../../../src/interfaces/http/routes.js';

it.each([
  ['/health', '/health', ''],
  ['/health?', '/health', ''],
  ['/trpc/task.list?input=%7B%7D&x=1', '/trpc/task.list', 'input=%7B%7D&x=1'],
  ['/health?nonce=why?&y=?', '/health', 'nonce=why?&y=?'],
])('%s is divided at its first question mark', (url, path, search) => {
  expect([pathOf(url), searchOf(url)]).toEqual([path, search]);
});
