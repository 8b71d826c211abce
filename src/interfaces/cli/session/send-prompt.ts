import { randomUUID } from 'node:crypto';
import { EXIT, type ExitCode } from '../../../exit-codes.js';
import type { Context } from '../context.js';
import type { JsonOption } from '../help.js';
import { parseId } from '../input/id.js';
import { readPrompt } from '../input/prompt.js';
import { connect } from '../server/connect.js';
import { createTerminal } from '../terminal.js';

export interface SendOptions extends JsonOption {
  readonly fallback?: string;
  readonly wait?: true;
  readonly follow?: true;
}

/** Says something in a conversation; prints the task that says it, or what becomes of it. */
export async function sendPrompt(
  context: Context,
  id: string,
  words: readonly string[],
  options: SendOptions,
): Promise<ExitCode> {
  const sessionId = parseId('session', id);
  const prompt = await readPrompt(words);
  await using client = await connect(context);
  const { delivered, task } = await client.session.prompt.mutate({
    sessionId,
    prompt,
    fallback: options.fallback,
    requestId: randomUUID(),
  });
  if (options.wait === true || options.follow === true) {
    const { awaitTask } = await import('../task/await-task.js');
    return await awaitTask(context, client, task, { follow: options.follow === true, json: options.json === true });
  }
  const terminal = createTerminal(context);
  if (options.json === true) terminal.printJson({ delivered, task });
  else {
    terminal.print(task.id);
    terminal.note(
      delivered === 'said'
        ? `Said into its running turn. Follow it with: cw task logs -f ${task.id}`
        : `It is said when its turn comes. Follow it with: cw task logs -f ${task.id}`,
    );
  }
  return EXIT.done;
}
