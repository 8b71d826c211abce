import type { ToolUse } from '../session/tool-use.js';
import type { Action, CommandKind, EditedFile } from './action.js';
import { commandAction } from './command-action.js';
import { kindOfCommand, weightOf } from './command-kind.js';
import { type SimpleCommand, splitCommandLine } from './command-line.js';
import { distinct } from './excerpt.js';
import { readPatch } from './patch.js';
import { placePath } from './place-path.js';
import { problemOf } from './problem.js';
import { lookedAt, writtenBy } from './shell-files.js';
import type { ToolResult } from './tool-result.js';

/** Most commands of one line that are told. */
const MOST_TOLD = 4;

type Telling = 'test' | 'build' | 'lint' | 'install' | 'step' | 'version' | 'run';
interface Known<Kind extends CommandKind = CommandKind> {
  readonly command: SimpleCommand;
  readonly kind: Kind;
}

/** What a command line did: nothing, one thing, or several in a row. */
export function readCommand(use: ToolUse, line: string, { text, exitCode }: ToolResult, root: string | null): Action[] {
  const { toolUseId } = use;
  const failed = use.outcome === 'failed' || (exitCode !== null && exitCode !== 0);
  const commands: Known[] = splitCommandLine(line).map((command) => ({ command, kind: kindOfCommand(command.words) }));
  const place = (path: string) => placePath(path, use.cwd, root);
  const problem = () => (failed ? problemOf(text) : null);

  const telling = tellingOf(commands, failed);
  const files = writtenFiles(line, commands, telling.length > 0)
    .map((file) => ({ ...file, path: place(file.path) }))
    .filter(({ path }) => !/^\/(?:var\/)?tmp\//u.test(path));
  const actions: Action[] = telling.map(({ command, kind }) =>
    commandAction({ toolUseId, failed, exitCode, purpose: kind, words: command.words, text, isPiped: command.piped }),
  );
  // Where more follows in the line, it is that which failed.
  if (files.length > 0)
    actions.unshift({ kind: 'edit', toolUseId, failed: failed && actions.length === 0, files, problem: problem() });
  if (actions.length > 0) return actions;

  const looks = commands.filter(({ kind }) => kind === 'look').map(({ command }) => lookedAt(command.words));
  const read = distinct(looks.flatMap((look) => look.files).map(place), 20);
  const searches = distinct(
    looks.flatMap((look) => look.searches),
    10,
  );
  if (read.length + searches.length === 0) return [];
  // Such programs end with 1 when they find nothing.
  const isBad = use.outcome === 'failed' && exitCode !== 1;
  return [
    { kind: 'look', toolUseId, failed: isBad, files: read, searches, pages: [], problem: isBad ? problem() : null },
  ];
}

/** The commands that a line is about. Of a line that failed only the weightiest: which one it was is not told. */
function tellingOf(commands: readonly Known[], failed: boolean): Known<Telling>[] {
  const weight = ({ kind, command }: Known) => weightOf(kind, command.words);
  const telling = commands.filter(isTelling);
  const best = telling.reduce<Known<Telling> | null>((a, b) => (a === null || weight(b) > weight(a) ? b : a), null);
  if (best === null) return [];
  if (failed) return [best];
  // Beside a test or a commit, other programs are only its setting.
  const isSetting = best.kind === 'run' || best.kind === 'version';
  const told = isSetting ? telling : telling.filter(({ kind }) => kind !== 'run' && kind !== 'version');
  const isPrinted = (known: Known) => weight(known) < 1;
  return (told.every(isPrinted) ? told.slice(0, 1) : told.filter((known) => !isPrinted(known))).slice(0, MOST_TOLD);
}

function isTelling(known: Known): known is Known<Telling> {
  const { kind, command } = known;
  if (kind === 'quiet' || kind === 'look' || kind === 'write') return false;
  return !(isPrinting(command) && command.writes.length > 0);
}

/** Beside a build, files that are moved or removed are its own; and what a program prints into a file is its log. */
function writtenFiles(line: string, commands: readonly Known[], isSetting: boolean): EditedFile[] {
  const patched = line.includes('*** Begin Patch') ? readPatch(line) : [];
  const writers = commands.filter(
    ({ kind, command }) => kind === 'write' || kind === 'look' || kind === 'quiet' || isPrinting(command),
  );
  const written = writers
    .filter(({ command }) => !isSetting || !/^(?:rm|mv|cp|touch)$/u.test(command.words[0] ?? ''))
    .flatMap(({ command, kind }) => writtenBy(command, kind));
  return [...patched, ...written];
}

function isPrinting({ words }: SimpleCommand): boolean {
  return words[0] === 'echo' || words[0] === 'printf';
}
