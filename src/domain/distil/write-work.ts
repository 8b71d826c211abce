import { cutText } from '../shared/cut-text.js';
import type { CommandAction, EditAction, EditedFile } from './action.js';
import { conceptsOf, isTestFile } from './concepts.js';
import { type Distilled, MAX_FACTS, MAX_FILES, MAX_NARRATIVE_LENGTH, MAX_TITLE_LENGTH } from './distilled.js';
import { endingsOf } from './ending.js';
import { distinct, listed } from './excerpt.js';
import { gist, type Intent, intentOf, intentOfSubject, LONG_GIST, SHORT_GIST } from './intent.js';
import { outcomeFact } from './outcome-fact.js';
import { isCommand, isCommit, type Segment } from './segments.js';

type WorkType = 'change' | 'fix' | 'feature' | 'refactor' | 'test';

const DONE: Record<WorkType, string> = {
  change: 'Changed',
  fix: 'Fixed',
  feature: 'Added',
  refactor: 'Refactored',
  test: 'Tested',
};

/** Names of files and functions in a title, and in a sentence. */
const FEW = 2;
const SOME = 5;

/** Tells of a segment in which files were changed. `failing` are commands that failed before it and not passed since. */
export function writeWork(segment: Segment, prompt: string, failing: readonly string[]): Distilled {
  const { actions } = segment;
  const edits = actions.filter((action) => action.kind === 'edit');
  const done = mergedFiles(edits.filter(({ failed }) => !failed));
  const commands = actions.filter(isCommand);
  const checks = commands.filter(({ purpose }) => purpose !== 'step' && purpose !== 'version');
  const commit = commands.findLast(isCommit);
  const repaired = repairedBy(actions, failing);
  const type = typeOf({
    prompt,
    done,
    repaired,
    subject: commit?.subject ?? null,
    isFirst: failsFirst(actions, failing),
  });
  const read = distinct(
    actions.flatMap((action) => (action.kind === 'look' && !action.failed ? action.files : [])),
    MAX_FILES,
  );
  const broken = edits.filter(({ failed }) => failed);
  return {
    type,
    title: cutText(titleOf({ type, done, prompt, commit, checks }), MAX_TITLE_LENGTH),
    narrative: cutText(
      [
        asked(prompt),
        read.length === 0 ? '' : `Read ${listed(read, SOME)}.`,
        changedSentence(done),
        ...broken.slice(0, 2).map(
          (edit) =>
            `An edit of ${listed(
              edit.files.map(({ path }) => path),
              FEW,
            )} failed${edit.problem === null ? '' : ` (${edit.problem})`}.`,
        ),
        ...endingsOf(checks, SOME),
        commit === undefined ? '' : `Committed as “${commit.subject}”.`,
      ]
        .filter((sentence) => sentence !== '')
        .join(' '),
      MAX_NARRATIVE_LENGTH,
    ),
    facts: distinct(
      [
        ...done.flatMap(factOf),
        ...lastOutcomes(checks),
        ...(repaired === null ? [] : [`Repaired: \`${repaired}\` failed before and passes after the change.`]),
        ...commands.flatMap(({ facts }) => facts),
      ],
      MAX_FACTS,
    ),
    concepts: conceptsOf(actions),
    filesRead: read,
    filesModified: distinct(
      done.map(({ path }) => path),
      MAX_FILES,
    ),
    toolUses: distinct(actions.map(({ toolUseId }) => toolUseId)),
  };
}

/** What the turn's prompt asked, as a sentence; empty without a prompt. */
export function asked(prompt: string): string {
  const text = gist(prompt, LONG_GIST);
  return text === '' ? '' : `Asked: “${text}”`;
}

/** Outcomes in which a failure and its repair both stand, so that the last word on each command is its last result. */
function lastOutcomes(checks: readonly CommandAction[]): string[] {
  const told = checks.filter(({ purpose, failed, report }) => purpose !== 'run' || failed || report !== null);
  return distinct(told.map(({ label }) => label)).flatMap((label) => {
    const runs = told.filter((check) => check.label === label);
    const last = runs.at(-1) as CommandAction;
    const bad = runs.findLast(({ failed }) => failed);
    return bad === undefined || last.failed ? [outcomeFact(last)] : [outcomeFact(bad), outcomeFact(last)];
  });
}

/** Each file once, with all that happened to it. */
function mergedFiles(edits: readonly EditAction[]): EditedFile[] {
  const files = new Map<string, EditedFile>();
  for (const file of edits.flatMap((edit) => edit.files)) {
    const known = files.get(file.path);
    const change = file.change === 'changed' ? (known?.change ?? 'changed') : file.change;
    files.set(file.path, { path: file.path, change, names: distinct([...(known?.names ?? []), ...file.names], SOME) });
  }
  return [...files.values()];
}

/** A command that failed before an edit and passed after it. */
function repairedBy(actions: Segment['actions'], failing: readonly string[]): string | null {
  const bad = new Map(failing.map((label) => [label, false]));
  for (const action of actions) {
    if (action.kind === 'edit') for (const label of bad.keys()) bad.set(label, true);
    if (!isCommand(action)) continue;
    if (!action.failed && bad.get(action.label) === true) return action.label;
    if (action.failed && action.purpose !== 'step') bad.set(action.label, bad.get(action.label) ?? false);
  }
  // The same tests are often run in other words, such as one file of them.
  const tests = actions.filter(isCommand).filter(({ purpose }) => purpose === 'test');
  const wasBad = tests.some(({ failed }) => failed);
  const last = tests.at(-1);
  return wasBad && last?.failed === false ? last.label : null;
}

/** Whether something had failed before the first edit: then the failure is not of this work's own making. */
function failsFirst(actions: Segment['actions'], failing: readonly string[]): boolean {
  const firstEdit = actions.findIndex(({ kind }) => kind === 'edit');
  return failing.length > 0 || actions.slice(0, firstEdit).some((action) => isCommand(action) && action.failed);
}

interface Told {
  readonly prompt: string;
  readonly done: readonly EditedFile[];
  readonly repaired: string | null;
  readonly subject: string | null;
  readonly isFirst: boolean;
}

function typeOf({ prompt, done, repaired, subject, isFirst }: Told): WorkType {
  const told = subject === null ? null : intentOfSubject(subject);
  if (told !== null) return told === 'other' || told === 'ask' ? 'change' : told;
  const intent: Intent = intentOf(prompt);
  if (repaired !== null && (isFirst || (intent !== 'feature' && intent !== 'refactor' && intent !== 'test')))
    return 'fix';
  if (intent === 'fix' || intent === 'refactor') return intent;
  if (done.length > 0 && done.every(({ path }) => isTestFile(path))) return 'test';
  if (intent === 'feature' && done.some(({ path }) => !isText(path))) return 'feature';
  return 'change';
}

function isText(path: string): boolean {
  return /\.(?:md|mdx|rst|txt|adoc)$|(?:^|\/)(?:LICENSE|CHANGELOG|README)[^/]*$/u.test(path);
}

interface Titled {
  readonly type: WorkType;
  readonly done: readonly EditedFile[];
  readonly prompt: string;
  readonly commit: { readonly subject: string } | undefined;
  readonly checks: readonly CommandAction[];
}

function titleOf({ type, done, prompt, commit, checks }: Titled): string {
  if (commit !== undefined) return commit.subject;
  const lastTest = checks.findLast(({ purpose }) => purpose === 'test');
  const verb =
    lastTest?.failed === true && type === 'fix'
      ? 'Tried to fix'
      : done.length > 0 && done.every(({ change }) => change === 'removed')
        ? 'Removed'
        : DONE[type];
  const names = distinct(done.flatMap((file) => file.names));
  const files = done.map(({ path }) => path);
  const where = listed(
    files.map((path) => (files.length > 1 ? (path.split('/').at(-1) ?? path) : path)),
    FEW,
  );
  const what = names.length > 0 && files.length > 0 ? `${listed(names, FEW)} in ${where}` : where;
  const text = gist(prompt, SHORT_GIST);
  return [`${verb} ${what === '' ? 'nothing yet' : what}`, text].filter((part) => part !== '').join(': ');
}

function changedSentence(done: readonly EditedFile[]): string {
  const sentence = (verb: string, change: EditedFile['change']) => {
    const files = done.filter((file) => file.change === change);
    return files.length === 0 ? '' : `${verb} ${listed(files.map(withNames), SOME)}.`;
  };
  return [sentence('Made', 'made'), sentence('Changed', 'changed'), sentence('Removed', 'removed')]
    .filter((one) => one !== '')
    .join(' ');
}

function withNames({ path, names }: EditedFile): string {
  return names.length === 0 ? path : `${path} (${names.slice(0, SOME).join(', ')})`;
}

function factOf({ path, change, names }: EditedFile): string[] {
  return names.length === 0
    ? change === 'changed'
      ? []
      : [`${change === 'made' ? 'Made' : 'Removed'} ${path}.`]
    : [`Touched ${names.join(', ')} in ${path}.`];
}
