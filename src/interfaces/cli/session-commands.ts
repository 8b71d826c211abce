import { type Command, Option } from 'commander';
import { type JsonOption, withExample, withJson } from './help.js';
import { type ListOptions, withPaging } from './list/list-options.js';
import type { Run } from './run-action.js';
import { SESSION_STATUSES } from './session/session-statuses.js';

/** `cw session …` */
export function addSessionCommands(program: Command, run: Run): void {
  const session = program
    .command('session')
    .helpCommand(false)
    .description('look at conversations with agents, pause, resume and close them');

  const list = session
    .command('list')
    .description('list sessions, newest first')
    .addOption(new Option('--status <status>', 'only sessions in this state').choices(SESSION_STATUSES))
    .option('--workspace <dir>', 'only sessions in this directory, or in the workspace with this id')
    .action(
      run(async (context, options: ListOptions & { status?: string; workspace?: string }) =>
        (await import('./session/list-sessions.js')).listSessions(context, options),
      ),
    );
  withExample(withJson(withPaging(list)), 'cw session list --status active');

  const show = session
    .command('show')
    .description('show all about a session: what was said, which tools were used, what is remembered')
    .argument('<id>')
    .action(
      run(async (context, id: string, options: JsonOption) =>
        (await import('./session/show-session.js')).showSession(context, id, options),
      ),
    );
  withExample(withJson(show), 'cw session show session_01ABCDEF234');

  const changes = [
    ['pause', 'remember nothing of a session until it is resumed'],
    ['resume', 'go on with a session that is paused or closed'],
    ['close', 'end a session; its next prompt takes it up again'],
  ] as const;
  for (const [change, description] of changes) {
    const command = session
      .command(change)
      .description(description)
      .argument('<id>')
      .action(
        run(async (context, id: string, options: JsonOption) =>
          (await import('./session/change-session.js')).changeSession(context, change, id, options),
        ),
      );
    withExample(withJson(command), `cw session ${change} session_01ABCDEF234`);
  }
}
