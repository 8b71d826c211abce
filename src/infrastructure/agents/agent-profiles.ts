import type { AgentProfiles } from '../../application/ports/agent-profiles.js';
import type { FindProgram } from '../../application/ports/find-program.js';
import type { ProgramVersion } from '../../application/ports/program-version.js';
import type { AgentProfile, ListedProfile, ProfileSettings, Protocol } from '../../domain/agent/agent-profile.js';
import { DomainError } from '../../domain/shared/domain-error.js';
import { BUILT_IN_PROFILES } from './built-in-profiles.js';
import { SYSTEM_SHELL } from './shell/system-shell.js';

/** Longest part of an unknown name that an error repeats, in UTF-16 code units: that of a name that could be right. */
const NAME_LENGTH = 64;

interface Dependencies {
  /** The profile of a task that names none. */
  readonly defaultName: string;
  /** Profiles of the local configuration; one that bears a built-in's name replaces it. */
  readonly settings: Readonly<Record<string, ProfileSettings>>;
  /** Protocols that this version has a runtime for. */
  readonly runnable: ReadonlySet<Protocol>;
  readonly findProgram: FindProgram;
  readonly programVersion: ProgramVersion;
}

/** The configured profiles, and of the built-in ones those whose program is found. Programs are looked for at each call. */
export function createAgentProfiles(needs: Dependencies): AgentProfiles {
  const { defaultName, settings, runnable, findProgram, programVersion } = needs;
  const known = new Map(Object.entries({ ...BUILT_IN_PROFILES, ...settings }));
  const isConfigured = (name: string) => Object.hasOwn(settings, name) || name === 'shell';

  async function inspect(name: string, profile: ProfileSettings): Promise<Omit<ListedProfile, 'version'>> {
    const { protocol } = profile;
    const command = protocol === 'shell' ? null : profile.command;
    const program = await findProgram(command ?? SYSTEM_SHELL.command, profile.env?.['PATH']);
    return { name, protocol, command, program, problem: problem(name, protocol, command, program) };
  }

  function problem(name: string, protocol: Protocol, command: string | null, program: string | null): string | null {
    if (!runnable.has(protocol)) {
      return `The agent ${name} cannot run: this version does not speak the protocol ${protocol} yet.`;
    }
    if (program !== null) return null;
    const shown = JSON.stringify(command ?? SYSTEM_SHELL.command);
    return (
      `The agent ${name} cannot run: its program ${shown} is not an absolute path of an executable file, nor on the PATH. ` +
      `Install it, or correct agents.${name}.command in config.json.`
    );
  }

  async function found(): Promise<Omit<ListedProfile, 'version'>[]> {
    const all = await Promise.all([...known].map(([name, profile]) => inspect(name, profile)));
    return all
      .filter(({ name, program }) => isConfigured(name) || program !== null)
      .sort((one, other) => (one.name < other.name ? -1 : 1));
  }

  async function withVersion(inspected: Omit<ListedProfile, 'version'>): Promise<ListedProfile> {
    const { command, program } = inspected;
    const version = command === null || program === null ? null : await programVersion(command, program);
    return { ...inspected, version };
  }

  async function settingsOf(name: string): Promise<ProfileSettings> {
    const profile = known.get(name);
    if (profile !== undefined) return profile;
    const names = (await found()).map((listed) => listed.name).join(', ');
    const unknown = JSON.stringify(name.slice(0, NAME_LENGTH));
    throw new DomainError('invalid_input', `There is no agent profile ${unknown}; there are ${names}.`);
  }

  async function get(name: string): Promise<AgentProfile> {
    const profile = await settingsOf(name);
    const inspected = await inspect(name, profile);
    if (inspected.problem !== null) throw new DomainError('unavailable', inspected.problem);
    return { ...profile, name };
  }

  function accountOf(name: string): string {
    const profile = known.get(name);
    return profile !== undefined && 'account' in profile ? (profile.account ?? name) : name;
  }

  const ofAccount = (account: string) => [...known.keys()].filter((name) => accountOf(name) === account);

  return {
    defaultName,
    get,
    look: async (name) => withVersion(await inspect(name, await settingsOf(name))),
    list: async () => Promise.all((await found()).map(withVersion)),
    accountOf,
    ofAccount,
  };
}
