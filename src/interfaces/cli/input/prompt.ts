import { usageError } from '../cli-error.js';

/** No prompt under this length, in UTF-16 code units, can be too long, and nothing need be loaded to know it. */
const PLAINLY_SHORT = 100_000;
/** Bytes of one UTF-16 code unit in UTF-8, at most. */
const MOST_BYTES = 3;

/** The prompt from the words of the command line, or from stdin for a single `-`. Refuses an empty or too long one. */
export async function readPrompt(words: readonly string[]): Promise<string> {
  const prompt = words.length === 1 && words[0] === '-' ? await readStdin() : words.join(' ');
  if (prompt.trim() === '') throw usageError('The prompt is empty; say what the agent should do.');
  if (prompt.length > PLAINLY_SHORT && prompt.length > (await longest())) throw await tooLong();
  return prompt;
}

/** Without the line break that ends a file. Reads no more than shows that it is too long. */
async function readStdin(): Promise<string> {
  const mostBytes = (await longest()) * MOST_BYTES;
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of process.stdin as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes > mostBytes) throw await tooLong();
  }
  return Buffer.concat(chunks)
    .toString('utf8')
    .replace(/\r?\n$/, '');
}

async function tooLong() {
  return usageError(
    `The prompt is too long: it may have ${String(await longest())} characters; put more into a file and name it.`,
  );
}

/** The domain's limit. Not imported at the top: it comes with zod, which a short prompt does not need. */
async function longest(): Promise<number> {
  return (await import('../../../domain/task/task.js')).MAX_PROMPT_LENGTH;
}
