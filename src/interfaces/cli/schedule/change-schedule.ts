import type { Schedule } from '../../../domain/schedule/schedule.js';
import { EXIT, type ExitCode } from '../../../exit-codes.js';
import type { Context } from '../context.js';
import type { JsonOption } from '../help.js';
import { formatFullMoment } from '../output/times.js';
import { type Client, connect } from '../server/connect.js';
import { createTerminal } from '../terminal.js';

/** Has a schedule rest. */
export function pauseSchedule(context: Context, name: string, options: JsonOption): Promise<ExitCode> {
  return change(context, options, {
    ask: (client) => client.schedule.pause.mutate({ schedule: name }),
    say: (schedule) => `${schedule.name} is paused until: cw schedule resume ${schedule.name}`,
  });
}

/** Has a paused schedule go on. */
export function resumeSchedule(context: Context, name: string, options: JsonOption): Promise<ExitCode> {
  return change(context, options, {
    ask: (client) => client.schedule.resume.mutate({ schedule: name }),
    say: (schedule) => `${schedule.name} runs next ${formatFullMoment(schedule.nextAt, Date.now()) ?? 'never'}.`,
  });
}

/** Removes a schedule. */
export function removeSchedule(context: Context, name: string, options: JsonOption): Promise<ExitCode> {
  return change(context, options, {
    ask: (client) => client.schedule.remove.mutate({ schedule: name }),
    say: (schedule) => `${schedule.name} is removed; the tasks that it has enqueued stay.`,
  });
}

async function change(
  context: Context,
  { json }: JsonOption,
  { ask, say }: { readonly ask: (client: Client) => Promise<Schedule>; readonly say: (schedule: Schedule) => string },
): Promise<ExitCode> {
  await using client = await connect(context);
  const schedule = await ask(client);
  const terminal = createTerminal(context);
  if (json === true) terminal.printJson(schedule);
  else terminal.print(say(schedule));
  return EXIT.done;
}
