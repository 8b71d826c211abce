import { describe, expect, it } from 'vitest';
import { compareVersions } from '../../src/compare-versions.js';

/** Oldest first; the pre-releases are the example of semver.org. */
const IN_ORDER = [
  '0.0.1',
  '0.9.0',
  '0.10.0',
  '1.0.0-alpha',
  '1.0.0-alpha.1',
  '1.0.0-alpha.beta',
  '1.0.0-beta',
  '1.0.0-beta.2',
  '1.0.0-beta.11',
  '1.0.0-rc.1',
  '1.0.0',
  '1.0.1',
  '2.0.0',
];

describe('versions', () => {
  it('are in the order of Semantic Versioning', () => {
    for (const [left, older] of IN_ORDER.entries()) {
      for (const [right, other] of IN_ORDER.entries()) {
        expect(Math.sign(compareVersions(older, other)), `${older} ${other}`).toBe(Math.sign(left - right));
      }
    }
  });

  it('are equal where only the build differs, and where one is none', () => {
    expect(compareVersions('1.2.3+a', '1.2.3+b')).toBe(0);
    expect(compareVersions('nonsense', '1.2.3')).toBe(0);
  });
});
