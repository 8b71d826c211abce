import type { Config } from '../../../config.js';
import { findProgram } from '../../../find-program.js';
import type { Context } from '../context.js';
import type { Client } from '../server/connect.js';
import { type Check, fail, ok, warn } from './check.js';

/** Git, and the program of each agent profile. A running server is asked: its search path counts. */
export async function checkPrograms(
  { environment: { variables } }: Context,
  config: Config | undefined,
  client: Client | undefined,
): Promise<Check[]> {
  const search = { path: variables['PATH'], pathExtensions: variables['PATHEXT'] };
  const git = findProgram('git', search);
  const checks = [
    git === null
      ? warn('git', 'git is not in PATH.', 'Install it: agents and memory use it in repositories.')
      : ok('git', `${git}.`),
  ];
  if (client !== undefined) return [...checks, ...(await askServer(client))];
  for (const [name, profile] of Object.entries(config?.agents ?? {})) {
    if (profile.protocol === 'shell') continue;
    const program = findProgram(profile.command, { ...search, path: profile.env?.['PATH'] ?? search.path });
    checks.push(
      program === null ? missing(name, `${profile.command} is not in PATH`) : ok(titleOf(name), `${program}.`),
    );
  }
  return checks;
}

async function askServer(client: Client): Promise<Check[]> {
  const profiles = await client.agent.profiles.query();
  return profiles.map(({ name, program, problem, protocol }) =>
    problem === null ? ok(titleOf(name), `${program ?? protocol}.`) : missing(name, problem),
  );
}

function missing(name: string, problem: string): Check {
  return fail(titleOf(name), problem, `Install the program, or correct agents.${name} in the configuration.`);
}

function titleOf(name: string): string {
  return `agent ${name}`;
}
