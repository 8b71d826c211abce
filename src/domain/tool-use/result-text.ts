/** A tool's result as text: what the agent got to read of it, as far as its shape tells; else its JSON. */
export function resultText(result: unknown): string {
  if (result === undefined || result === null) return '';
  if (typeof result === 'string') return result;
  if (typeof result !== 'object') return JSON.stringify(result);
  if (Array.isArray(result)) return blocksText(result) ?? boundedJson(result);
  const { stdout, stderr, content, llmContent, file } = result as Record<string, unknown>;
  if (typeof stdout === 'string' || typeof stderr === 'string') return linesOf(stdout, stderr);
  if (llmContent !== undefined) return resultText(llmContent);
  if (Array.isArray(content)) return blocksText(content) ?? boundedJson(result);
  if (typeof file === 'object' && file !== null && 'content' in file && typeof file.content === 'string') {
    return file.content;
  }
  return boundedJson(result);
}

/** The texts of content blocks (`[{ type: "text", text }]`); undefined for what are none. */
function blocksText(blocks: readonly unknown[]): string | undefined {
  const texts = blocks.map((block) => {
    if (typeof block === 'string') return block;
    if (typeof block !== 'object' || block === null) return undefined;
    if ('text' in block && typeof block.text === 'string') return block.text;
    return 'type' in block && typeof block.type === 'string' ? `[${block.type}]` : undefined;
  });
  return texts.includes(undefined) ? undefined : texts.join('\n');
}

function linesOf(...texts: unknown[]): string {
  return texts.filter((text) => typeof text === 'string' && text !== '').join('\n');
}

/** Something nested so deep that it cannot be written is no result that anybody reads. */
function boundedJson(value: unknown): string {
  try {
    return JSON.stringify(value);
  } catch (error) {
    if (error instanceof RangeError) return '';
    throw error;
  }
}
