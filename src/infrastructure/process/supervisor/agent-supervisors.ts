import { randomBytes } from 'node:crypto';
import { mkdir, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import type { AgentId } from '../../../domain/shared/id.js';
import { connectSupervisor, type Found } from './connect-supervisor.js';
import { startSupervisor } from './start-supervisor.js';
import type { SupervisorLink } from './supervisor-link.js';

const PRIVATE_DIRECTORY = 0o700;
const SECRET_BYTES = 32;

export interface AgentSupervisorsOptions {
  /** `<directory>/<agentId>/` holds the files of one agent. */
  readonly directory: string;
  /** The built file of a supervisor. */
  readonly program: string;
  readonly leaseMs: number;
  readonly graceMs?: number | undefined;
}

/** A use of a supervisor. */
export interface Held {
  readonly link: SupervisorLink;
  /** Absolute path, without symbolic links, of the agent's directory. */
  readonly directory: string;
  /** With the last use the supervisor goes. Idempotent. */
  readonly release: () => void;
}

/** The supervisors of this server's agents, one for each. */
export interface AgentSupervisors {
  /** Uses the agent's supervisor, which is started if none is there. */
  hold(agentId: AgentId, runId: string): Promise<Held>;
  /** Uses one that an earlier server started; null when there is none. */
  find(agentId: AgentId, runId: string): Promise<(Held & Pick<Found, 'program'>) | null>;
  /** Parts with all of them at once: what runs goes on, and is spoken to no more. */
  leaveAll(): void;
  /** Absolute path of the agent's directory; it need not be there. */
  directoryOf(agentId: AgentId): string;
}

interface Entry {
  readonly opened: Promise<{ readonly link: SupervisorLink; readonly directory: string }>;
  uses: number;
}

export function createAgentSupervisors(options: AgentSupervisorsOptions): AgentSupervisors {
  const { program, leaseMs, graceMs } = options;
  const entries = new Map<AgentId, Entry>();
  const directoryOf = (agentId: AgentId) => join(options.directory, agentId);

  async function open(agentId: AgentId, runId: string): Promise<Awaited<Entry['opened']>> {
    await mkdir(directoryOf(agentId), { recursive: true, mode: PRIVATE_DIRECTORY });
    // Without symbolic links, because a sweep compares paths in it with what /proc says that a process writes to.
    const directory = await realpath(directoryOf(agentId));
    const secret = randomBytes(SECRET_BYTES).toString('hex');
    return { directory, link: await startSupervisor(program, { agentId, runId, secret, directory, leaseMs, graceMs }) };
  }

  function keep(agentId: AgentId, opened: Entry['opened']): Entry {
    const entry: Entry = { opened, uses: 0 };
    const drop = () => {
      if (entries.get(agentId) === entry) entries.delete(agentId);
    };
    entries.set(agentId, entry);
    opened.then(({ link }) => link.lost).then(drop, drop);
    return entry;
  }

  async function use(agentId: AgentId, entry: Entry): Promise<Held> {
    entry.uses += 1;
    let isHeld = true;
    const release = () => {
      if (!isHeld) return;
      isHeld = false;
      entry.uses -= 1;
      if (entry.uses > 0) return;
      if (entries.get(agentId) === entry) entries.delete(agentId);
      void entry.opened.then(({ link }) => link.leave());
    };
    return { ...(await entry.opened), release };
  }

  return {
    hold: (agentId, runId) => use(agentId, entries.get(agentId) ?? keep(agentId, open(agentId, runId))),
    async find(agentId, runId) {
      const found = await connectSupervisor(directoryOf(agentId), runId);
      if (found === null) return null;
      const directory = await realpath(directoryOf(agentId));
      const held = await use(agentId, keep(agentId, Promise.resolve({ link: found.link, directory })));
      return { ...held, program: found.program };
    },
    leaveAll() {
      // One that could not be started is not there to be left.
      for (const { opened } of entries.values()) opened.then(({ link }) => link.leave()).catch(() => undefined);
    },
    directoryOf,
  };
}
