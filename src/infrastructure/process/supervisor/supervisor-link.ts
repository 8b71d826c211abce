import type { Socket } from 'node:net';
import { onJsonLines, writeJsonLine } from './json-lines.js';
import type { Answer, Command, Notice, Outcome, Problem, ProgramEnd } from './protocol.js';

/** Longest line of a supervisor, in bytes: an answer with a path in it. */
const MAX_ANSWER_BYTES = 65_536;

/** The supervisor is gone, or this server has left it. */
export class LinkLost extends Error {
  constructor() {
    super('The supervisor of the agent is gone.');
    this.name = 'LinkLost';
  }
}

/** What the supervisor could not do, in the system's words. */
export class SupervisorProblem extends Error {
  readonly code: string | undefined;
  readonly path: string | undefined;

  constructor({ code, path, message }: Problem) {
    super(message);
    this.code = code;
    this.path = path;
  }
}

/** A connection to a supervisor. */
export interface SupervisorLink {
  /** Resolves with the answer. Rejects with a SupervisorProblem or LinkLost. */
  ask(command: Command): Promise<Outcome>;
  /** Resolves when this program has ended; never, once the link is lost. Told once. */
  ended(name: string): Promise<ProgramEnd>;
  /** Resolves when the supervisor is gone; not when `leave` was called first. */
  readonly lost: Promise<void>;
  /** Parts with the supervisor, which ends if no program runs, and waits for another server if one does. */
  leave(): void;
}

interface Waiting {
  readonly resolve: (outcome: Outcome) => void;
  readonly reject: (error: Error) => void;
}

/** Speaks to a supervisor over this socket. `opened` waits for the answer to the opening; it is called before that is sent. */
export function createSupervisorLink(socket: Socket): SupervisorLink & { opened(): Promise<Outcome> } {
  const waiting = new Map<number, Waiting>();
  const ends = new Map<string, (end: ProgramEnd) => void>();
  const known = new Map<string, ProgramEnd>();
  let last = 0;
  let hasLeft = false;
  let isLost = false;
  let tellLost = () => {};
  const lost = new Promise<void>((resolve) => {
    tellLost = resolve;
  });

  function answerTo(id: number) {
    return new Promise<Outcome>((resolve, reject) => {
      if (isLost) reject(new LinkLost());
      else waiting.set(id, { resolve, reject });
    });
  }

  function takeAnswer(answer: Answer): void {
    const asked = waiting.get(answer.id);
    waiting.delete(answer.id);
    if (answer.problem === undefined) asked?.resolve(answer);
    else asked?.reject(new SupervisorProblem(answer.problem));
  }

  /** An agent may run thousands of programs: nothing is kept of one whose end was told. */
  function takeEnd(name: string, end: ProgramEnd): void {
    const tell = ends.get(name);
    if (tell === undefined) known.set(name, end);
    ends.delete(name);
    tell?.(end);
  }

  onJsonLines(
    socket,
    () => MAX_ANSWER_BYTES,
    (value) => {
      const line = value as Answer | Notice;
      if ('ended' in line) {
        takeEnd(line.ended.name, line.ended.end);
      } else {
        takeAnswer(line);
      }
    },
  );
  // ECONNRESET and the like; 'close' follows.
  socket.on('error', () => undefined);
  socket.on('close', () => {
    isLost = true;
    for (const { reject } of waiting.values()) reject(new LinkLost());
    waiting.clear();
    if (!hasLeft) tellLost();
  });

  return {
    opened: () => answerTo(0),
    ask(command) {
      last += 1;
      const answered = answerTo(last);
      writeJsonLine(socket, { ...command, id: last }).catch(() => socket.destroy());
      return answered;
    },
    ended: (name) =>
      new Promise((resolve) => {
        const end = known.get(name);
        known.delete(name);
        if (end === undefined) ends.set(name, resolve);
        else resolve(end);
      }),
    lost,
    leave() {
      hasLeft = true;
      socket.end();
    },
  };
}
