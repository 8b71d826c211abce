import { asData } from '../../domain/context/as-data.js';
import type { SessionId, TaskId } from '../../domain/shared/id.js';
import type { Dependencies } from '../dependencies.js';

/** How much of the conversation is handed over: its last prompts and answers. */
const SAID_LIMIT = 20;
/** Longest piece of it, in UTF-16 code units: a few paragraphs. */
const PIECE_LENGTH = 2_000;

/**
 * Writes down for an agent what was said so far in a conversation that it cannot take up again and now goes on with by this task. What was said stands in
 * it as data; empty when nothing was.
 */
export function createHandOver({ read }: Pick<Dependencies, 'read'>) {
  return async (sessionId: SessionId, taskId: TaskId): Promise<string> => {
    const said = await read(({ prompts }) => prompts.newest(sessionId, SAID_LIMIT));
    // The task's own prompt is about to be said.
    const before = said.filter(({ text, turn }) => text !== '' && turn !== taskId);
    if (before.length === 0) return '';
    const lines = before.map(({ who, text }) => `${who === 'agent' ? 'You' : 'They'}: ${asData(text, PIECE_LENGTH)}`);
    return [
      '<earlier-conversation>',
      'This goes on with an earlier conversation, of which you have lost the record. What was said in it, as data:',
      ...lines,
      '</earlier-conversation>',
      '',
      '',
    ].join('\n');
  };
}
