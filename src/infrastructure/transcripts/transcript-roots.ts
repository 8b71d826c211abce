import { homedir } from 'node:os';
import { join } from 'node:path';

type Variables = Readonly<Record<string, string | undefined>>;

/** The directories that agents keep their transcripts in, as the environment of the server has it. */
export function transcriptRoots(variables: Variables): string[] {
  const home = named(variables, 'HOME') ?? homedir();
  const claude = [named(variables, 'CLAUDE_CONFIG_DIR'), join(home, '.claude')].map((at) => at && join(at, 'projects'));
  const codex = [named(variables, 'CODEX_HOME'), join(home, '.codex')].map((at) => at && join(at, 'sessions'));
  const gemini = [named(variables, 'GEMINI_CLI_HOME'), home].map((at) => at && join(at, '.gemini', 'tmp'));
  return [...claude, ...codex, ...gemini].filter((root) => root !== undefined);
}

function named(variables: Variables, name: string): string | undefined {
  const value = variables[name];
  return value === '' ? undefined : value;
}
