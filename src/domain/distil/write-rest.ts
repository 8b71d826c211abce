import { cutText } from '../shared/cut-text.js';
import type { Action, CallAction, CommandAction, DecisionAction, DelegateAction, LookAction } from './action.js';
import { conceptsOf } from './concepts.js';
import {
  type Distilled,
  MAX_FACT_LENGTH,
  MAX_FACTS,
  MAX_FILES,
  MAX_NARRATIVE_LENGTH,
  MAX_TITLE_LENGTH,
} from './distilled.js';
import { endingsOf } from './ending.js';
import { distinct, listed } from './excerpt.js';
import { gist, SHORT_GIST } from './intent.js';
import { detailOf, outcomeFact } from './outcome-fact.js';
import { asked } from './write-work.js';

/** Names in a title and in a sentence. */
const FEW = 2;
const SOME = 5;

/** Files, patterns and pages that were only looked at. */
export function writeLooks(looks: readonly LookAction[], prompt: string): Distilled {
  const seen = looks.filter(({ failed }) => !failed);
  const files = distinct(
    seen.flatMap((look) => look.files),
    MAX_FILES,
  );
  const searches = distinct(seen.flatMap((look) => look.searches));
  const pages = distinct(seen.flatMap((look) => look.pages));
  const text = gist(prompt, SHORT_GIST);
  const what =
    pages.length > 0
      ? `Looked up ${listed(pages, 1)}`
      : files.length > 0
        ? `Read ${listed(files, FEW)}`
        : searches.length > 0
          ? `Searched for ${listed(searches, FEW)}`
          : `Could not read ${listed(names(looks), FEW)}`;
  const missing = looks.filter(({ failed }) => failed);
  return written('discovery', looks, {
    title: text === '' ? what : `${what}: ${text}`,
    sentences: [
      asked(prompt),
      files.length === 0 ? '' : `Read ${listed(files, SOME)}.`,
      searches.length === 0
        ? ''
        : `Searched for ${listed(
            searches.map((one) => `“${one}”`),
            SOME,
          )}.`,
      pages.length === 0 ? '' : `Looked up ${listed(pages, SOME)}.`,
      ...missing
        .slice(0, FEW)
        .map(
          (look) => `Could not read ${listed(names([look]), 1)}${look.problem === null ? '' : ` (${look.problem})`}.`,
        ),
    ],
    facts: [...pages.map((page) => `Looked up ${page}.`), ...searches.map((one) => `Searched for “${one}”.`)],
    filesRead: files,
  });
}

/** Test runs without a change. */
export function writeTests(tests: readonly CommandAction[], prompt: string): Distilled {
  const last = tests.at(-1) as CommandAction;
  const detail = detailOf({ ...last, problem: null });
  const how = last.failed ? 'Tests failed' : 'Tests passed';
  return written('test', tests, {
    title: `${how}: ${last.label}${detail === '' ? '' : ` (${detail})`}`,
    sentences: [asked(prompt), ...endingsOf(tests, SOME)],
    facts: tests.map(outcomeFact),
  });
}

/** Other commands, and tools that we know nothing of. */
export function writeCommands(actions: readonly (CommandAction | CallAction)[], prompt: string): Distilled {
  const commands = actions.filter((action) => action.kind === 'command');
  const calls = actions.filter((action) => action.kind === 'call');
  const labels = distinct(actions.map((action) => (action.kind === 'command' ? action.label : action.tool)));
  const bad = actions.filter(({ failed }) => failed);
  const subject = commands.findLast((command) => command.subject !== null)?.subject;
  const problem = commands.findLast(({ failed }) => failed)?.problem;
  const title =
    subject !== null && subject !== undefined
      ? `Committed: ${subject}`
      : bad.length === actions.length && problem !== null && problem !== undefined
        ? `${listed(labels, 1)} failed: ${problem}`
        : `Ran ${listed(labels, FEW)}${bad.length > 0 ? `, ${bad.length} failed` : ''}`;
  const isOnlyVersions =
    commands.length > 0 && calls.length === 0 && commands.every(({ purpose }) => purpose === 'version');
  return written(isOnlyVersions ? 'discovery' : 'command', actions, {
    title: isOnlyVersions ? (commands.flatMap(({ facts }) => facts)[0] ?? title) : title,
    sentences: [
      asked(prompt),
      ...endingsOf(
        commands.filter(({ purpose }) => !isUnchecked(purpose)),
        SOME,
      ),
      ...commands
        .flatMap(({ facts, failed, label, purpose, problem: why }) =>
          failed && facts.length === 0 && isUnchecked(purpose)
            ? [`\`${label}\` failed${why === null ? '' : ` (${why})`}.`]
            : facts,
        )
        .slice(0, SOME),
      ...calls
        .slice(0, SOME)
        .map(
          (call) =>
            `${call.tool} ${call.failed ? 'failed' : 'answered'}${call.result === '' ? '' : `: “${call.result}”`}.`,
        ),
    ],
    facts: [
      ...commands.filter(({ failed, purpose }) => failed || purpose === 'build' || purpose === 'lint').map(outcomeFact),
      ...commands.flatMap(({ facts }) => facts),
    ],
  });
}

/** Packages that were installed. */
export function writeInstall(install: CommandAction, prompt: string): Distilled {
  const packages = /^Packages: (.*)\.$/u.exec(install.facts[0] ?? '')?.[1];
  const title = install.failed
    ? `${install.label} failed${install.problem === null ? '' : `: ${install.problem}`}`
    : `${/\b(?:remove|rm|uninstall)\b/u.test(install.label) ? 'Removed' : 'Installed'} ${packages ?? `dependencies (${install.label})`}`;
  return written('command', [install], {
    title,
    sentences: [asked(prompt), ...endingsOf([install], 1), ...install.facts],
    facts: install.failed ? [outcomeFact(install)] : [...install.facts],
  });
}

/** What another agent was asked and what it answered. */
export function writeDelegated(delegate: DelegateAction, prompt: string): Distilled {
  const who = delegate.who ?? 'another agent';
  return written('discovery', [delegate], {
    title: `${delegate.failed ? `${who} failed` : `Asked ${who}`}: ${delegate.what}`,
    sentences: [
      asked(prompt),
      `Gave to ${who}: “${delegate.what}”.`,
      delegate.result === ''
        ? 'It had not answered yet.'
        : `It ${delegate.failed ? 'failed' : 'answered'}: “${delegate.result}”`,
    ],
    facts: delegate.result === '' ? [] : [`${who}: “${delegate.result}”`],
  });
}

/** What the user chose. */
export function writeDecision(decision: DecisionAction, prompt: string): Distilled {
  return written('decision', [decision], {
    title: decision.title,
    sentences: [asked(prompt), decision.facts.length === 0 ? decision.title : '', ...decision.facts],
    facts: decision.facts.length === 0 ? [decision.title] : [...decision.facts],
  });
}

/** Whether how it ended says nothing: a step tells its own facts. */
function isUnchecked(purpose: CommandAction['purpose']): boolean {
  return purpose === 'step' || purpose === 'version';
}

function names(looks: readonly LookAction[]): string[] {
  return distinct(looks.flatMap((look) => [...look.files, ...look.searches, ...look.pages]));
}

interface Words {
  readonly title: string;
  readonly sentences: readonly string[];
  readonly facts: readonly string[];
  readonly filesRead?: string[];
}

function written(type: Distilled['type'], actions: readonly Action[], words: Words): Distilled {
  return {
    type,
    title: cutText(words.title, MAX_TITLE_LENGTH),
    narrative: cutText(words.sentences.filter((sentence) => sentence !== '').join(' '), MAX_NARRATIVE_LENGTH),
    facts: distinct(
      words.facts.map((fact) => cutText(fact, MAX_FACT_LENGTH)),
      MAX_FACTS,
    ),
    concepts: conceptsOf(actions),
    filesRead: words.filesRead ?? [],
    filesModified: [],
    toolUses: distinct(actions.map(({ toolUseId }) => toolUseId)),
  };
}
