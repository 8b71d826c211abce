import { DomainError } from '../../domain/shared/domain-error.js';
import { isId } from '../../domain/shared/id.js';
import type { Workspace } from '../../domain/workspace/workspace.js';
import type { Dependencies } from '../dependencies.js';

/** Where a task is to run. */
interface Asked {
  readonly agent?: string | undefined;
  readonly fallback?: string | undefined;
  readonly workspace: string;
}

/** A command whose agent and workspace are known to exist. `place` is a resolved path, or a workspace's id. */
export interface Prepared<Command extends Asked> {
  readonly command: Command;
  readonly agent: string;
  readonly fallback?: string | undefined;
  readonly place: string;
  /** The workspaces at the places that this call has come to: ten thousand tasks mostly go to one. */
  readonly registered?: Map<string, Workspace>;
}

/** Looks at the profiles and directories of tasks before their transaction, at each directory once. */
export function createPrepare({ profiles, directories }: Pick<Dependencies, 'profiles' | 'directories'>) {
  const agents = new Set<string>();
  const places = new Map<string, string>();
  const registered = new Map<string, Workspace>();
  return async <Command extends Asked>(command: Command): Promise<Prepared<Command>> => {
    const { agent = profiles.defaultName, fallback, workspace } = command;
    if (!agents.has(agent)) agents.add((await profiles.get(agent)).name);
    if (fallback !== undefined) await requireFallback(agent, fallback, profiles);
    const place =
      places.get(workspace) ?? (isId('workspace', workspace) ? workspace : await directories.resolve(workspace));
    places.set(workspace, place);
    return { command, agent, fallback, place, registered };
  };
}

/** Throws `invalid_input` for a fallback that could not help, and `unavailable` for one that cannot run here. */
export async function requireFallback(agent: string, name: string, profiles: Dependencies['profiles']): Promise<void> {
  const { protocol } = await profiles.get(name);
  // It would run the words as a command line.
  const no =
    protocol === 'shell' ? 'it takes command lines' : sharesAccount() ? `it has the account of ${agent}` : null;
  if (no !== null) throw new DomainError('invalid_input', `${name} cannot be the fallback of ${agent}: ${no}.`);

  function sharesAccount(): boolean {
    return profiles.accountOf(name) === profiles.accountOf(agent);
  }
}
