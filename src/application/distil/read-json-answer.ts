/** A fenced block of Markdown, which agents like to put around what should stand alone. */
const FENCE = /```(?:json)?[ \t]*\r?\n([\s\S]*?)\r?\n[ \t]*```/giu;

/** The JSON document that a text is, or that stands in its last fenced block; undefined for neither. */
export function readJsonAnswer(text: string): unknown {
  const blocks = [...text.matchAll(FENCE)].map(([, block = '']) => block);
  for (const candidate of [text, ...blocks.reverse()]) {
    try {
      return JSON.parse(candidate) as unknown;
    } catch {
      // The next one may be it; that none is makes the answer undefined.
    }
  }
  return undefined;
}
