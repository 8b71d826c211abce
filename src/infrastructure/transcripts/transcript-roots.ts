import { homedir } from 'node:os';
import { join } from 'node:path';

/** The directories that Claude Code keeps its transcripts in, as the environment of the server has it. */
export function transcriptRoots(variables: Readonly<Record<string, string | undefined>>): string[] {
  const { CLAUDE_CONFIG_DIR: configured, HOME: home } = variables;
  const usual = join(home === undefined || home === '' ? homedir() : home, '.claude');
  const places = configured === undefined || configured === '' ? [usual] : [configured, usual];
  return places.map((place) => join(place, 'projects'));
}
