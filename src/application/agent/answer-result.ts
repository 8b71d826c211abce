import { Buffer } from 'node:buffer';
import type { TaskResult } from '../../domain/task/task.js';
import { RESULT_TEXT_LIMIT } from '../ports/attempt-files.js';

/** What an agent said at last as the result of its turn; of a long text the last RESULT_TEXT_LIMIT bytes. */
export function answerResult(text: string): TaskResult {
  const whole = Buffer.from(text);
  const bytes = whole.length;
  if (bytes <= RESULT_TEXT_LIMIT) return { text, truncated: false, bytes, exitCode: null };
  let start = bytes - RESULT_TEXT_LIMIT;
  // Bytes 10xxxxxx continue a character.
  while (((whole[start] ?? 0) & 0b1100_0000) === 0b1000_0000) start += 1;
  return { text: whole.subarray(start).toString(), truncated: true, bytes, exitCode: null };
}
