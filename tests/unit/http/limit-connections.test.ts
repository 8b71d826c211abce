import { expect, it } from 'vitest';
import { mostConnections } from '../../../src/interfaces/http/limit-connections.js';

it.each([
  [undefined, 1_024],
  [1_048_576, 1_024],
  [1_024, 480],
  [128, 32],
  [64, 8],
])('leaves open files to everything but connections: of %s, %i for one listener', (openFiles, most) => {
  expect(mostConnections(openFiles)).toBe(most);
});
