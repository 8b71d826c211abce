/**
 * A path as it is remembered: relative to the workspace's root when it lies below it, else as it came. `cwd` is what a
 * relative one starts from.
 */
export function placePath(path: string, cwd: string | null, root: string | null): string {
  const tidy = path
    .trim()
    .replaceAll('\\', '/')
    .replace(/^file:\/\//u, '');
  const isAbsolute = /^(?:\/|[A-Za-z]:\/|~|\$)/u.test(tidy);
  const whole = normal(isAbsolute || cwd === null ? tidy : `${cwd.replaceAll('\\', '/')}/${tidy}`);
  for (const base of [root, cwd]) {
    if (base === null) continue;
    const above = `${normal(base.replaceAll('\\', '/'))}/`;
    if (whole.startsWith(above)) return whole.slice(above.length);
  }
  return isAbsolute ? whole : normal(tidy);
}

/** Without `.`, `..` and double slashes. */
function normal(path: string): string {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '.' || (part === '' && parts.length > 0)) continue;
    const last = parts.at(-1);
    if (part === '..' && last !== undefined && last !== '..' && last !== '') parts.pop();
    else parts.push(part);
  }
  return parts.join('/');
}
