import { setTimeout as wait } from 'node:timers/promises';
import { EXIT, type ExitCode } from '../../../exit-codes.js';
import { readPrivateFile } from '../../../home/private-file.js';
import { CliError } from '../cli-error.js';
import type { Context } from '../context.js';
import { errorLine, type Message, type RequestId, RPC, readMessage } from './message.js';
import { MAX_MESSAGE_BYTES, messageLines } from './message-lines.js';
import { createServerLink } from './server-link.js';

/** Requests at once; a client that has more open has lost count. */
const MAX_OPEN = 256;
/** What is still open when the client has closed stdin may take so long, in milliseconds, before nobody listens any more. */
const LAST_ANSWERS_MS = 5_000;

/** Speaks MCP on stdin and stdout, for as long as stdin is open. Nothing but the protocol is ever printed on stdout. */
export async function serveMcp(context: Context): Promise<ExitCode> {
  const write = (line: string) => void process.stdout.write(`${line}\n`);
  const link = createServerLink({
    socketPath: context.paths.socket,
    headers: { ...(await authorization(context)), 'codewalkers-directory': encodeURIComponent(process.cwd()) },
    write,
    findServer: () => findServer(context),
  });
  const open = new Map<RequestId, AbortController>();
  const work = new Set<Promise<void>>();

  async function pass(message: Message): Promise<void> {
    const abort = new AbortController();
    if (message.kind === 'request') open.set(message.id, abort);
    await link.pass(message, abort.signal);
    if (message.kind === 'request' && open.get(message.id) === abort) open.delete(message.id);
  }

  for await (const line of messageLines(process.stdin)) {
    const message = line === null ? TOO_LONG : readMessage(line);
    if ('problem' in message) write(errorLine(null, message.code, message.problem));
    else if (message.kind === 'other') {
      // Leaving is how a request is called off; one that was answered is not open any more.
      if (message.cancels === undefined) await pass(message);
      else open.get(message.cancels)?.abort();
    } else if (open.has(message.id))
      write(errorLine(message.id, RPC.invalid, 'A request with this id is open already.'));
    else if (open.size >= MAX_OPEN) {
      write(errorLine(message.id, RPC.server, `${MAX_OPEN} requests are open; wait for an answer.`));
    } else {
      const passing = pass(message).finally(() => work.delete(passing));
      work.add(passing);
      // What follows belongs to the session that this begins.
      if (message.method === 'initialize') await passing;
    }
  }
  const patience = new AbortController();
  await Promise.race([Promise.all(work), wait(LAST_ANSWERS_MS, undefined, { signal: patience.signal })]);
  patience.abort();
  await link.close();
  return EXIT.done;
}

const TOO_LONG = {
  code: RPC.invalid,
  problem: `This line is longer than a message may be (${String(MAX_MESSAGE_BYTES)} bytes).`,
};

/** An agent that the server has started is given a token that reaches its own work only. */
async function authorization({ environment }: Context): Promise<Record<string, string>> {
  const file = environment.variables['CW_TOKEN_FILE'];
  if (file === undefined || file === '') return {};
  const token = await readPrivateFile(file);
  if (token !== null) return { authorization: `Bearer ${token.trim()}` };
  throw new CliError(EXIT.failed, `There is no token in ${file} (CW_TOKEN_FILE): the run that it was for has ended.`);
}

async function findServer(context: Context): Promise<void> {
  if (!context.environment.autostart) {
    const { noServer } = await import('../server/connect.js');
    throw new CliError(EXIT.failed, noServer(context.paths));
  }
  const { startServer } = await import('../server/start-server.js');
  await startServer(context);
}
