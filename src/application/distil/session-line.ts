import type { ToolUse } from '../../domain/session/tool-use.js';
import type { SessionId } from '../../domain/shared/id.js';
import type { Read } from '../ports/transaction.js';
import type { WaitingStretch } from './distil-tool-uses.js';

/** Most tool uses that are distilled at once: some 20 ms of work for the rules, and a prompt's worth for a model. */
export const MAX_STRETCH = 40;

/**
 * How many tool uses of a session wait, as far as was heard, and how many of them are due. Only a hint of when to look:
 * what really waits is in the storage.
 */
export class SessionLine {
  #waiting = 0;
  #due = 0;
  #heard = 0;
  #waiter: { resolve(): void; reject(reason: Error): void } | undefined;
  #stopped: Error | undefined;
  #caughtUp: (() => void)[] = [];

  /** Another tool use waits; when enough have gathered they are due. */
  arrived(): void {
    this.#heard += 1;
    this.#waiting += 1;
    if (this.#waiting - this.#due >= MAX_STRETCH) this.cut();
  }

  /** Nothing more belongs to what waits: its turn has ended, or nothing was heard for a while. */
  cut(): void {
    this.#due = this.#waiting;
    if (this.#due === 0) return;
    this.#waiter?.resolve();
    this.#waiter = undefined;
  }

  /** Whatever waits in the storage is due, heard of or not. */
  cutAll(): void {
    this.#waiting = Infinity;
    this.cut();
  }

  /** Whether some wait that are not due. */
  get gathers(): boolean {
    return this.#waiting > this.#due;
  }

  get isEmpty(): boolean {
    return this.#waiting === 0;
  }

  get due(): number {
    return this.#due;
  }

  taken(n: number): void {
    this.#waiting -= n;
    this.#due -= n;
  }

  /** How many have arrived so far. */
  get heard(): number {
    return this.#heard;
  }

  /** The storage had none of those that are due, when this many had arrived: it was heard of more than there are. */
  missed(heard: number): void {
    this.#waiting = this.#waiting === Infinity ? this.#heard - heard : this.#waiting - this.#due;
    this.#due = 0;
    for (const resolve of this.#caughtUp.splice(0)) resolve();
  }

  /** Resolves when the storage has had none of those that are due. */
  caughtUp(): Promise<void> {
    return new Promise((resolve) => this.#caughtUp.push(resolve));
  }

  /** Resolves when some are due; rejects when the line is stopped. */
  whenDue(): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.#stopped !== undefined) reject(this.#stopped);
      else if (this.#due > 0) resolve();
      else this.#waiter = { resolve, reject };
    });
  }

  /** Ends whoever waits. Not by a signal of each: a server has many lines, and an AbortSignal warns of many listeners. */
  stop(reason: Error): void {
    this.#stopped = reason;
    this.#waiter?.reject(reason);
  }
}

/**
 * The stretches of a session that are due, in order; ends when none is left. Each is distilled before the next is asked
 * for, so that the storage tells what still waits.
 */
export async function* dueStretches(
  sessionId: SessionId,
  line: SessionLine,
  read: Read,
  signal: AbortSignal,
): AsyncGenerator<WaitingStretch, void> {
  while (line.due > 0) {
    signal.throwIfAborted();
    const { heard } = line;
    const limit = Math.min(line.due, MAX_STRETCH);
    const [first, ...rest] = await read(({ toolUses }) => toolUses.waiting(sessionId, limit));
    if (first === undefined) {
      line.missed(heard);
      return;
    }
    const stretch = firstTurn(first, rest);
    yield stretch;
    line.taken(stretch.length);
  }
}

/** Those at the start that belong to the same turn. */
function firstTurn(first: ToolUse, rest: readonly ToolUse[]): WaitingStretch {
  const other = rest.findIndex(({ turn }) => turn !== first.turn);
  return [first, ...(other < 0 ? rest : rest.slice(0, other))];
}
