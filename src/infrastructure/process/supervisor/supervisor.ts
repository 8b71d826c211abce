import { appendFileSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { createServer, Socket } from 'node:net';
import { createPatientProcessTable } from '../patient-process-table.js';
import { processTableOf } from '../process-table-of.js';
import { createSweep } from '../sweep.js';
import { onJsonLines, writeJsonLine } from './json-lines.js';
import { CHANNEL, type Opening, SECRET_NAME, SOCKET_NAME } from './protocol.js';
import { serveAgent } from './serve-agent.js';

/** Longest opening, in bytes: some ids and a path. */
const MAX_OPENING_BYTES = 65_536;
const PRIVATE_FILE = 0o600;
/** What this process could not handle, for a person; in the agent's directory. */
const LOG_NAME = 'supervisor.log';

/*
 * The supervisor of one agent, built as `dist/supervisor.cjs`: a process of its own, which outlives the server that
 * started it and ends the agent when no server comes back for too long. All that it must know is told over a channel
 * that only it and that server have.
 */
const channel = new Socket({ fd: CHANNEL });
channel.on('error', () => undefined);
// A server that is gone before it said anything wants nothing.
channel.once('close', () => {
  if (!isOpen) process.exit(0);
});
let isOpen = false;
onJsonLines(
  channel,
  () => MAX_OPENING_BYTES,
  (opening) => {
    isOpen = true;
    // The server says no more before it has its answer.
    channel.removeAllListeners('data');
    void open(opening as Opening);
  },
);

async function open(opening: Opening): Promise<void> {
  const { directory, secret, graceMs } = opening;
  // From within, because the path of a socket may be no longer than some 100 bytes.
  process.chdir(directory);
  process.on('uncaughtException', (error) => {
    appendFileSync(LOG_NAME, `${error.stack ?? error.message}\n`, { mode: PRIVATE_FILE });
    process.exit(1);
  });
  const table = createPatientProcessTable(processTableOf(process.platform));
  const sweep = createSweep({ table, ...(graceMs !== undefined && { graceMs }) });
  const server = serveAgent(opening, { table, sweep, exit: () => process.exit(0) });
  server.listenTo(channel, true);
  // What the end of a session and a shutdown send: the agent must not stay behind alone.
  process.on('SIGTERM', () => void server.end());
  process.on('SIGHUP', () => undefined);

  await writeFile(SECRET_NAME, secret, { mode: PRIVATE_FILE });
  await rm(SOCKET_NAME, { force: true });
  const listener = createServer((socket) => server.listenTo(socket, false));
  await new Promise<void>((resolve, reject) => {
    listener.once('error', reject);
    listener.listen(SOCKET_NAME, resolve);
  });
  await writeJsonLine(channel, { id: 0 }).catch(() => undefined);
}
