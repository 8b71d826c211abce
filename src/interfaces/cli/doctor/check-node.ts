import { type Check, fail, ok } from './check.js';

/** The oldest Node that the package says it runs on: `engines` of package.json. */
const OLDEST = [20, 19] as const;

/** Whether this Node is one that the package runs on. */
export function checkNode(version = process.versions.node): Check {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1])) return ok('node', `Node ${version}.`);
  return fail('node', `Node ${version} is too old.`, `Install Node ${OLDEST.join('.')} or newer.`);
}
