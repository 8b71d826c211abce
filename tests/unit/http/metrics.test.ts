import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { METRICS } from '../../../src/interfaces/metrics/metrics.js';
import { parsePrometheusText } from '../../support/prometheus-text.js';

test('every metric has a name of its own that begins with the product, and stands in docs/api.md', () => {
  const names = METRICS.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  for (const name of names) expect(name).toMatch(/^codewalkers_[a-z_]+$/);
  const documented = readFileSync(new URL('../../../docs/api.md', import.meta.url), 'utf8').match(
    /codewalkers_[a-z_]+/g,
  );
  expect([...new Set(documented)].sort()).toEqual(names.sort());
});

test.each([
  ['a sample before its type', 'a 1\n'],
  ['a type without help', '# TYPE a gauge\na 1\n'],
  ['a name twice', '# HELP a x\n# TYPE a gauge\na 1\n# HELP a x\n# TYPE a gauge\na 2\n'],
  ['a sample twice', '# HELP a x\n# TYPE a gauge\na{b="c"} 1\na{b="c"} 2\n'],
  ['a counter that does not say so', '# HELP a x\n# TYPE a counter\na 1\n'],
  ['milliseconds', '# HELP a_ms x\n# TYPE a_ms gauge\na_ms 1\n'],
  ['a value that is no number', '# HELP a x\n# TYPE a gauge\na undefined\n'],
  ['a label without its quotes', '# HELP a x\n# TYPE a gauge\na{b=c} 1\n'],
  ['an end without a line feed', '# HELP a x\n# TYPE a gauge\na 1'],
])('the check of the format finds %s', (_what, text) => {
  expect(() => parsePrometheusText(text)).toThrow();
});
