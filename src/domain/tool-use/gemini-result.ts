/** What Gemini puts around the output of a tool for its model. */
export function withoutFrame(result: string): string {
  return result.replace(/^<untrusted_context>\n([^]*)\n<\/untrusted_context>$/, '$1');
}

/** That a command failed stands among the lines of its result. */
export function tellsFailure(result: string): boolean {
  return /^Exit Code: (?!0$)-?\d+$/m.test(result);
}
