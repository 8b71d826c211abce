import { homeOf, readVariables } from '../../environment.js';
import { socketPathOf, spoolOf } from '../../home/home-paths.js';
import { postHook } from './post-hook.js';
import { readStdin } from './read-stdin.js';
import { restsAfterSilence } from './silence.js';

/**
 * `cw hook <event> [--source AGENT] [--home DIR]`: hands what an agent's hook says to the server, prints what the agent is to be told,
 * and ends with 0, whatever happens: no fault of ours may hold an agent up. What could not be delivered goes to the
 * spool. This file loads neither the CLI nor the server, because agents run it at every step of theirs.
 */

/** All of it, from the start of the process, in milliseconds. Writing to the spool and ending take what is left to 1 s. */
const BUDGET_MS = 850;
/** When even the spool takes too long (a disk that hangs), in milliseconds. */
const LAST_RESORT_MS = 980;
/** Events at whose beginning a session waits for us: worth starting a server for, and knocking at a silent one. */
const OPENING = new Set(['session-start', 'user-prompt-submit']);

setTimeout(() => process.exit(0), LAST_RESORT_MS - performance.now());
process.on('uncaughtException', () => process.exit(0));
process.on('unhandledRejection', () => process.exit(0));
process.stdout.on('error', () => process.exit(0));

const [event = '', ...words] = process.argv.slice(3);
/** The value behind an option, or nothing; `cw connect` writes such calls, and nobody types them. */
const option = (name: string) => (words.includes(name) ? words[words.indexOf(name) + 1] : undefined);
if (process.stdin.isTTY) {
  process.stderr.write("cw hook reads an agent's hook event from standard input; see: cw connect --help\n");
} else {
  await hand(event, option('--source') ?? '', option('--home'));
}
process.exit(0);

async function hand(name: string, source: string, named: string | undefined): Promise<void> {
  const variables = readVariables();
  // Set for the agents that our own distiller runs: what they do is no memory of anybody's.
  if (variables['CW_MEMORY'] === 'off') return;
  const home = named ?? homeOf(variables);
  const spool = spoolOf(home);
  const body = await readStdin(BUDGET_MS);
  if (body === undefined) return;
  const id = `${Date.now()}-${process.pid}-${process.hrtime.bigint()}`;
  // It becomes a line of a header; a run of ours has such a name.
  const run = /^[\w-]{1,100}$/.exec(variables['CW_RUN_ID'] ?? '')?.[0] ?? '';
  const request = { name, source, body, id, run };

  if (name === 'user-prompt-submit') await (await import('./private-turn.js')).notePrivacy(spool, body);
  const knocks = OPENING.has(name) || !restsAfterSilence(spool);
  if (knocks) {
    const opening = name === 'session-start' && variables['CW_NO_AUTOSTART'] !== '1';
    const wake = async () => {
      const { wakeServer } = await import('./wake-server.js');
      wakeServer({ ...variables, CW_HOME: home });
    };
    const answer = await postHook(socketPathOf(home), request, BUDGET_MS, opening ? wake : undefined);
    if (answer.outcome === 'answered') {
      if (answer.body !== '') process.stdout.write(`${answer.body}\n`);
      return;
    }
    if (answer.outcome === 'refused') return;
    // A server that may just have been started for this session is busy, and not one that hangs.
    if (answer.outcome === 'silent' && !opening) (await import('./silence.js')).noteSilence(spool);
  }
  (await import('./spool-hook.js')).spoolHook(spool, request, Date.now());
}
