import { stripVTControlCharacters } from 'node:util';
import type { StopReceipt } from '../../domain/agent/agent.js';
import { cutText } from '../../domain/shared/cut-text.js';
import { messageOf } from '../../domain/shared/thrown.js';
import type { AgentProcess } from '../ports/agent-process.js';
import type { AgentToCheck, Greeting } from '../ports/agent-runtime.js';
import type { Timer } from '../ports/timer.js';
import { createCut, TooLate, within } from './turn-cut.js';

/** Longest part of a program's last words that a message repeats, in UTF-16 code units. */
const QUOTE_LENGTH = 300;
const NOTHING: StopReceipt = { ended: 0, left: 0 };

/** How the programs of one protocol are greeted. */
export interface Hello {
  readonly timer: Timer;
  readonly start: () => Promise<AgentProcess>;
  /** Null when the program ended instead of answering. Aborting the signal gives up. */
  readonly greet: (process: AgentProcess, signal: AbortSignal) => Promise<Greeting | null>;
}

/** Starts a program, greets it within its time, and ends it with all that it started. */
export async function greetAgent(
  { profile: { name }, timeoutMs, signal }: AgentToCheck,
  { timer, start, greet }: Hello,
): Promise<Greeting & { readonly receipt: StopReceipt }> {
  const cut = createCut({ signal, timeoutMs }, timer);
  const giveUp = new AbortController();
  const starting = start();
  let process: AgentProcess | null = null;
  let greeting: Greeting | null;
  try {
    greeting = await within(
      starting.then((started) => greet(started, giveUp.signal)),
      ...([timeoutMs, cut, timer] as const),
    );
  } catch (error) {
    greeting = { version: null, problem: problemOf(error) };
  } finally {
    cut.close();
    giveUp.abort();
    // One that is just being started is waited for, so that it cannot get away.
    process = await starting.catch(() => null);
  }
  const problem = greeting === null && process !== null ? await lastWords(name, process) : null;
  // Not waited for: one whose input cannot be closed is ended all the same.
  process?.closeInput().catch(() => undefined);
  const receipt = (await process?.stop()) ?? NOTHING;
  return { version: greeting?.version ?? null, problem: greeting === null ? problem : greeting.problem, receipt };

  function problemOf(error: unknown): string {
    if (!(error instanceof TooLate)) return messageOf(error);
    if (cut.reason() === 'aborted') return `The check of ${name} was broken off.`;
    return `${name} did not answer its greeting within ${String(timeoutMs / 1_000)} s. See whether it starts in a terminal.`;
  }
}

async function lastWords(name: string, process: AgentProcess): Promise<string> {
  const end = await process.ended;
  const how =
    end.how === 'exited'
      ? `ended with code ${String(end.exitCode)}`
      : end.how === 'killed'
        ? `was ended by signal ${end.signal}`
        : 'was stopped';
  const said = stripVTControlCharacters(await process.errorTail())
    .replace(/\s+/g, ' ')
    .trim();
  const words = said === '' ? '' : ` It said at last: ${cutText(said.slice(-QUOTE_LENGTH), QUOTE_LENGTH)}`;
  return `${name} ${how} instead of answering its greeting.${words}`;
}
