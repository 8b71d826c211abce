/** Gemini CLI's hooks do not name tool uses: their ids are derived. Its transcripts name them. */
const DERIVED = 'derived-';

export function derivedName(hash: string): string {
  return `${DERIVED}${hash}`;
}

export function isDerivedName(toolUseId: string): boolean {
  return toolUseId.startsWith(DERIVED);
}

/** Whether an agent's hooks and transcripts know the same tool use by two names. */
export function hasTwoNames(source: string): boolean {
  return source === 'gemini';
}
