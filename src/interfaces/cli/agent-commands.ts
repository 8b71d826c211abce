import type { Command } from 'commander';
import type { ProfilesOptions } from './agent/list-profiles.js';
import { type JsonOption, withExample, withJson } from './help.js';
import { type ListOptions, withPaging } from './list/list-options.js';
import type { Run } from './run-action.js';

/** `cw agent …` */
export function addAgentCommands(program: Command, run: Run): void {
  const agent = program
    .command('agent')
    .helpCommand(false)
    .description('look at agents, stop them, and open their accounts');

  const list = agent
    .command('list')
    .description('list agents, newest first')
    .option('--live', 'only those that have not ended')
    .action(
      run(async (context, options: ListOptions & { live?: true }) =>
        (await import('./agent/list-agents.js')).listAgents(context, options),
      ),
    );
  withExample(withJson(withPaging(list)), 'cw agent list --live');

  const stop = agent
    .command('stop')
    .description('end an agent and all that it started, and print the receipt; its task goes back to the queue')
    .argument('<id>')
    .action(
      run(async (context, id: string, options: JsonOption) =>
        (await import('./agent/stop-agent.js')).stopAgent(context, id, options),
      ),
    );
  withExample(withJson(stop), 'cw agent stop agent_01ABCDEF234');

  const reopen = agent
    .command('reopen')
    .description('open an account that has reached a limit before its time, and hand out what waits for it')
    .argument('<account>', 'its name, or that of a profile of it; cw status shows which are closed')
    .action(
      run(async (context, account: string, options: JsonOption) =>
        (await import('./agent/reopen-account.js')).reopenAccount(context, account, options),
      ),
    );
  withExample(withJson(reopen), 'cw agent reopen claude');

  const profiles = agent
    .command('profiles')
    .description('list the kinds of agents, and whether each can run here')
    .option('--check', 'start each one for a moment and greet it by its protocol; exits 1 if one does not answer')
    .action(
      run(async (context, options: ProfilesOptions) =>
        (await import('./agent/list-profiles.js')).listProfiles(context, options),
      ),
    );
  withExample(withJson(profiles), 'cw agent profiles', 'cw agent profiles --check');
}
