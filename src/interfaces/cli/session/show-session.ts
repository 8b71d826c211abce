import { EXIT, type ExitCode } from '../../../exit-codes.js';
import type { Context } from '../context.js';
import type { JsonOption } from '../help.js';
import { parseId } from '../input/id.js';
import { renderFields } from '../output/fields.js';
import { formatFullMoment } from '../output/times.js';
import { connect } from '../server/connect.js';
import { createTerminal } from '../terminal.js';

/** Prints all about a session. */
export async function showSession(context: Context, id: string, { json }: JsonOption): Promise<ExitCode> {
  const sessionId = parseId('session', id);
  await using client = await connect(context);
  const session = await client.session.get.query({ sessionId });
  const terminal = createTerminal(context);
  if (json === true) {
    terminal.printJson(session);
    return EXIT.done;
  }
  const now = Date.now();
  const moment = (at: number | null) => formatFullMoment(at, now);
  const fields = [
    ['session', session.id],
    ['status', session.status],
    ['title', session.title],
    ['agent', session.agent],
    ['source', session.source],
    ["provider's id", session.providerSessionId],
    ['workspace', session.workspaceId],
    ['task', session.taskId],
    ['prompts', session.prompts],
    ['started', moment(session.startedAt)],
    ['ended', moment(session.endedAt)],
    ['reason', session.reason],
  ] as const;
  terminal.print(renderFields(fields, terminal.colours));
  return EXIT.done;
}
