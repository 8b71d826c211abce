/** How Codex runs a command that its model asked for. */
const WRAPPED = /^\S*\/?(?:ba|z|da|k)?sh -l?c (?<word>.*)$/s;
/** One piece of a word of a POSIX shell: in single quotes, in double quotes, escaped, or plain. */
const PIECE = /'(?<single>[^']*)'|"(?<double>(?:[^"\\]|\\.)*)"|\\(?<escaped>.)|(?<plain>[^\s'"\\]+)/suy;

/** The command as the model asked for it, and as the hooks tell it: without the shell that it is run by. */
export function withoutShell(command: string): string {
  const word = WRAPPED.exec(command)?.groups?.['word'];
  return word === undefined ? command : (unquoted(word) ?? command);
}

/** Undefined for what is not exactly one word. */
function unquoted(word: string): string | undefined {
  let text = '';
  let at = 0;
  while (at < word.length) {
    PIECE.lastIndex = at;
    const groups = PIECE.exec(word)?.groups;
    if (groups === undefined) return undefined;
    at = PIECE.lastIndex;
    const { single, double, escaped, plain } = groups;
    text += single ?? double?.replace(/\\([$`"\\\n])/g, '$1') ?? escaped ?? plain ?? '';
  }
  return text;
}
