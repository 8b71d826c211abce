/** What belongs to the server and must never be loaded by the CLI or the public client. */
const SERVER_SIDE = [
  /^src\/(?:daemon|main)\.ts$/,
  /^src\/(?:application|infrastructure)\//,
  /^src\/interfaces\/(?!cli\/|client\/|hook-command\/)/,
  /^better-sqlite3$/,
];

/** The lock under which a server is started is a database file too; it must be imported on demand. */
const FILE_LOCK = 'src/home/file-lock.ts';

/**
 * Follows every static and dynamic import of `entry` through an esbuild metafile.
 *
 * @param {import('esbuild').Metafile} metafile
 * @param {string} entry path of a source file, as the metafile writes it
 * @returns {string[]} one chain `entry → … → file` for each file of the server that is reached
 */
export function findServerImports(metafile, entry) {
  const reached = new Set([entry]);
  const waiting = [[entry]];
  const found = [];
  for (let chain = waiting.pop(); chain !== undefined; chain = waiting.pop()) {
    for (const { path, kind } of metafile.inputs[chain.at(-1) ?? entry]?.imports ?? []) {
      if (reached.has(path) || (path === FILE_LOCK && kind === 'dynamic-import')) continue;
      reached.add(path);
      const next = [...chain, path];
      if (SERVER_SIDE.some((pattern) => pattern.test(path))) found.push(next.join(' → '));
      else waiting.push(next);
    }
  }
  return found;
}
