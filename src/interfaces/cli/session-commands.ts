import { type Command, Option } from 'commander';
import { type JsonOption, withExample, withJson } from './help.js';
import { type ListOptions, withPaging } from './list/list-options.js';
import type { Run } from './run-action.js';
import type { SendOptions } from './session/send-prompt.js';
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

  const send = session
    .command('send')
    .description('say something more in a conversation: into its running turn, or when its turn comes')
    .argument('<id>')
    .argument('<prompt...>', 'what to say; - reads it from stdin, -- ends the options')
    .option(
      '--fallback <profile>',
      'agent profile that goes on with it while the account of the first has reached a limit',
    )
    .option('--wait', 'wait until it has been worked on and exit with the outcome: 0 if it completed, else 1')
    .option('--follow', 'wait, and stream the output')
    .action(
      run(async (context, id: string, words: string[], options: SendOptions) =>
        (await import('./session/send-prompt.js')).sendPrompt(context, id, words, options),
      ),
    );
  withExample(withJson(send), 'cw session send session_01ABCDEF234 --follow "Now write the tests."');

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
