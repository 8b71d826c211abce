import { type Command, Option } from 'commander';
import { type JsonOption, withExample, withJson } from './help.js';
import { type ListOptions, withPaging } from './list/list-options.js';
import type { Run } from './run-action.js';
import type { AddScheduleOptions } from './schedule/add-schedule.js';
import { withTaskOptions } from './task/task-options.js';

/** `cw schedule …` */
export function addScheduleCommands(program: Command, run: Run): void {
  const schedule = program
    .command('schedule')
    .helpCommand(false)
    .description('have tasks enqueued by the clock: every night, every half an hour');

  const add = schedule
    .command('add')
    .description('enqueue this task whenever its time comes')
    .argument('<prompt...>', 'what the agent should do; - reads it from stdin, -- ends the options')
    .addOption(
      new Option('--cron <expression>', 'when: minute hour day month weekday, or @daily, @hourly …').conflicts('every'),
    )
    .option('--every <duration>', 'how often, from now on: 30m, 12h …')
    .addOption(
      new Option('--time-zone <name>', "with --cron: by whose clock (default: this machine's)").conflicts('every'),
    )
    .option('--name <name>', 'what to call it (default: the first words of the prompt)')
    .addOption(
      new Option('--missed <policy>', 'for the times that passed while no server ran: no task, one for all, or each')
        .choices(['skip', 'once', 'all'])
        .default('once'),
    );
  withTaskOptions(add).action(
    run(async (context, words: string[], options: AddScheduleOptions) =>
      (await import('./schedule/add-schedule.js')).addSchedule(context, words, options),
    ),
  );
  withExample(
    withJson(add),
    'cw schedule add --cron "0 3 * * *" --agent shell -- npm audit',
    'cw schedule add --every 30m --name inbox --unique inbox "answer what is new in the inbox"',
    'cw schedule add --cron "30 8 * * 1-5" --time-zone Europe/Berlin --missed skip "sum up what changed yesterday"',
  );

  const list = schedule
    .command('list')
    .description('list schedules, newest first')
    .action(
      run(async (context, options: ListOptions) =>
        (await import('./schedule/list-schedules.js')).listSchedules(context, options),
      ),
    );
  withExample(withJson(withPaging(list)), 'cw schedule list');

  const show = schedule
    .command('show')
    .description('show all about a schedule')
    .argument('<schedule>', 'its name or its id')
    .action(
      run(async (context, name: string, options: JsonOption) =>
        (await import('./schedule/show-schedule.js')).showSchedule(context, name, options),
      ),
    );
  withExample(withJson(show), 'cw schedule show nightly');

  const pause = schedule
    .command('pause')
    .description('have a schedule rest; what comes up meanwhile is not missed')
    .argument('<schedule>', 'its name or its id')
    .action(
      run(async (context, name: string, options: JsonOption) =>
        (await import('./schedule/change-schedule.js')).pauseSchedule(context, name, options),
      ),
    );
  withExample(withJson(pause), 'cw schedule pause nightly');

  const resume = schedule
    .command('resume')
    .description('have a paused schedule go on with its next time')
    .argument('<schedule>', 'its name or its id')
    .action(
      run(async (context, name: string, options: JsonOption) =>
        (await import('./schedule/change-schedule.js')).resumeSchedule(context, name, options),
      ),
    );
  withExample(withJson(resume), 'cw schedule resume nightly');

  const remove = schedule
    .command('remove')
    .description('remove a schedule; its tasks stay')
    .argument('<schedule>', 'its name or its id')
    .action(
      run(async (context, name: string, options: JsonOption) =>
        (await import('./schedule/change-schedule.js')).removeSchedule(context, name, options),
      ),
    );
  withExample(withJson(remove), 'cw schedule remove nightly');

  const now = schedule
    .command('run')
    .description('enqueue its task now, beside its next time')
    .argument('<schedule>', 'its name or its id')
    .action(
      run(async (context, name: string, options: JsonOption) =>
        (await import('./schedule/run-schedule.js')).runSchedule(context, name, options),
      ),
    );
  withExample(withJson(now), 'cw schedule run nightly');
}
