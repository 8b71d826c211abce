import { timingSafeEqual } from 'node:crypto';
import type { Socket } from 'node:net';
import { codeOf, messageOf } from '../../../domain/shared/thrown.js';
import type { ProcessTable } from '../process-table.js';
import type { Sweep } from '../sweep.js';
import { removeEnd, writeEnd } from './end-file.js';
import { onJsonLines, writeJsonLine } from './json-lines.js';
import { createLease } from './lease.js';
import { type Program, startProgram } from './program.js';
import type {
  Notice,
  Opening,
  Outcome,
  Problem,
  ProgramEnd,
  ProgramStart,
  Question,
  RunningProgram,
} from './protocol.js';

/** Longest line of a server, in bytes: a prompt with pictures in it. */
const MAX_COMMAND_BYTES = 64 * 1024 * 1024;
/** Longest line of somebody who has not shown the secret yet, in bytes. */
const MAX_HELLO_BYTES = 1_024;

interface Needs {
  readonly table: ProcessTable;
  readonly sweep: Sweep;
  /** Ends the supervisor. */
  readonly exit: () => void;
}

/** What a supervisor does for the servers that connect to it. */
export interface AgentServer {
  /** Listens to a server; `known` to the one that opened this supervisor. */
  listenTo(socket: Socket, known: boolean): void;
  /** Ends the program and all of its run, then the supervisor. */
  end(): Promise<void>;
}

/** Runs one program after the other for one agent, and ends what runs when no server has been there for too long. */
export function serveAgent({ secret, runId, directory, leaseMs }: Opening, { table, sweep, exit }: Needs): AgentServer {
  const servers = new Set<Socket>();
  const lease = createLease(leaseMs, () => void end());
  let program: Program | null = null;
  let starting: { readonly name: string; readonly program: Promise<Program> } | null = null;
  /** The last one that ended, for who asks for it once. */
  let last: { readonly program: RunningProgram; readonly end: ProgramEnd } | null = null;
  /** Resolves when the end of the program is written down and told. */
  let watched = Promise.resolve();
  let isEnding = false;

  function exitIfIdle(): void {
    if (program === null && starting === null && !lease.isHeld()) exit();
  }

  /** What was started before under this name; null when nothing was. */
  async function startedBefore(name: string): Promise<Outcome | null> {
    if (starting?.name === name) return { program: (await starting.program).describe() };
    if (program?.describe().name === name) return { program: program.describe() };
    return last?.program.name === name ? last : null;
  }

  async function start(request: ProgramStart): Promise<Outcome> {
    const before = request.once ? await startedBefore(request.name) : null;
    if (before !== null) return before;
    if (program !== null || starting !== null || isEnding) throw new Error('A program of this agent runs already.');
    const started = startProgram(request, { runId, table, sweep });
    starting = { name: request.name, program: started };
    try {
      program = await started;
      watched = watch(program);
      return { program: program.describe() };
    } finally {
      starting = null;
    }
  }

  async function watch(running: Program): Promise<void> {
    const end = await running.ended;
    const described = running.describe();
    const { name } = described;
    // The file first: a server that dies while it hears of the end finds it there. Without room for it, the word must do.
    await writeEnd(directory, name, end).catch(() => undefined);
    const before = last?.program.name;
    last = { program: described, end };
    // Before it is told: who hears of it may start the next one at once.
    program = null;
    const notice: Notice = { ended: { name, end } };
    await Promise.allSettled([...servers].map((socket) => writeJsonLine(socket, notice)));
    // The end of the one before is known to whoever started this one.
    if (before !== undefined && before !== name) await removeEnd(directory, before).catch(() => undefined);
    exitIfIdle();
  }

  async function answer(question: Question, socket: Socket): Promise<Outcome> {
    switch (question.do) {
      case 'hello':
        return { runId, ...(program !== null && { program: program.describe() }) };
      case 'start':
        return start(question.start);
      case 'send':
        await running(question.name).send(question.sequence, question.line);
        return {};
      case 'close':
        running(question.name).closeInput();
        return {};
      case 'stop':
        return { receipt: (await program?.stop(question.why)) ?? { ended: 0, left: 0 } };
      case 'leave':
        setImmediate(() => socket.end());
        return {};
    }
  }

  function running(name: string): Program {
    if (program?.describe().name === name) return program;
    throw new Error('It has ended.');
  }

  async function reply(question: Question, socket: Socket): Promise<void> {
    const { id } = question;
    const line = await answer(question, socket).then(
      (found) => ({ id, ...found }),
      (error: unknown) => ({ id, problem: problemOf(error) }),
    );
    // A server that is gone meanwhile is told no more.
    await writeJsonLine(socket, line).catch(() => undefined);
  }

  async function end(): Promise<void> {
    isEnding = true;
    // One that cannot be started has been told to the server that wanted it.
    const running = (await starting?.program.catch(() => null)) ?? program;
    await running?.stop('aborted');
    await watched;
    exit();
  }

  return {
    listenTo(socket, known) {
      let release = known ? lease.hold() : null;
      if (known) servers.add(socket);
      const onClose = () => {
        servers.delete(socket);
        release?.();
        exitIfIdle();
      };
      // ECONNRESET, when the server died; 'close' follows.
      socket.on('error', () => undefined);
      if (socket.destroyed) onClose();
      else socket.on('close', onClose);
      const take = (value: unknown) => {
        const question = value as Question;
        if (release === null) {
          if (question.do !== 'hello' || !isSame(question.secret, secret)) {
            socket.destroy();
            return;
          }
          release = lease.hold();
          servers.add(socket);
        }
        void reply(question, socket);
      };
      onJsonLines(socket, () => (release === null ? MAX_HELLO_BYTES : MAX_COMMAND_BYTES), take);
    },
    end,
  };
}

function isSame(told: unknown, secret: string): boolean {
  if (typeof told !== 'string' || told.length !== secret.length) return false;
  return timingSafeEqual(Buffer.from(told), Buffer.from(secret));
}

function problemOf(error: unknown): Problem {
  const path = error instanceof Error && 'path' in error && typeof error.path === 'string' ? error.path : undefined;
  return { code: codeOf(error), path, message: messageOf(error) };
}
