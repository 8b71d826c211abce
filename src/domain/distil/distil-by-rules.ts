import type { ToolUse } from '../session/tool-use.js';
import type { Action, CallAction, CommandAction } from './action.js';
import type { Distilled } from './distilled.js';
import { clausesOf } from './intent.js';
import { stillFailing } from './outcome-fact.js';
import { readToolUse } from './read-tool-use.js';
import { isInstall, type Segment, segmentsOf } from './segments.js';
import { writeCommands, writeDecision, writeDelegated, writeInstall, writeLooks, writeTests } from './write-rest.js';
import { writeWork } from './write-work.js';

/** Neighbouring tool uses of one turn, and what is known around them. */
export interface Stretch {
  /** What the turn was asked to do; empty if that is not known. */
  readonly prompt: string;
  /** The workspace's directory: paths below it are told relative to it. */
  readonly root: string | null;
  /** Facts of the session's earlier observations, oldest first: what had failed may be repaired now. */
  readonly earlierFacts: readonly string[];
  readonly toolUses: readonly ToolUse[];
}

/**
 * Makes observations of tool uses by rules over name, input and answer: the same for the same uses, and without a
 * model. What tells nothing (`ls`, a list of plans) is in none of them.
 */
export function distilByRules({ prompt, root, earlierFacts, toolUses }: Stretch): Distilled[] {
  const lines = new Map<string | null, Action[]>();
  for (const use of toolUses) {
    const actions = readToolUse(use, root);
    const line = lines.get(use.subagent);
    if (line === undefined) lines.set(use.subagent, actions);
    else line.push(...actions);
  }
  const facts = [...earlierFacts];
  return [...lines.values()].flatMap((actions) => {
    const parts = segmentsOf(actions);
    const prompts = promptsOf(parts, prompt);
    return parts.flatMap((part) => {
      const observations = write(part, prompts.get(part) ?? prompt, facts);
      facts.push(...observations.flatMap((observation) => observation.facts));
      return observations;
    });
  });
}

/** Where a prompt asks for as many things as were done, each was asked by its own part. */
function promptsOf(parts: ReturnType<typeof segmentsOf>, prompt: string): Map<object, string> {
  const works = parts.filter((part) => 'actions' in part && part.actions.some(({ kind }) => kind === 'edit'));
  const clauses = works.length > 1 ? clausesOf(prompt) : [];
  return new Map(clauses.length === works.length ? works.map((part, at) => [part, clauses[at] ?? prompt]) : []);
}

function write(part: ReturnType<typeof segmentsOf>[number], prompt: string, facts: readonly string[]): Distilled[] {
  if ('actions' in part) return writeSegment(part, prompt, facts);
  switch (part.kind) {
    case 'decision':
      return [writeDecision(part, prompt)];
    case 'delegate':
      return [writeDelegated(part, prompt)];
    case 'command':
      return [isInstall(part) ? writeInstall(part, prompt) : writeCommands([part], prompt)];
  }
}

function writeSegment(segment: Segment, prompt: string, facts: readonly string[]): Distilled[] {
  const { actions } = segment;
  if (actions.some(({ kind }) => kind === 'edit')) {
    return [
      writeWork(
        segment,
        prompt,
        stillFailing(facts).map(({ command }) => command),
      ),
    ];
  }
  const looks = actions.filter((action) => action.kind === 'look');
  const tests: CommandAction[] = [];
  const others: (CommandAction | CallAction)[] = [];
  for (const action of actions) {
    if (action.kind === 'command' && action.purpose === 'test') tests.push(action);
    else if (action.kind !== 'look' && action.kind !== 'edit') others.push(action);
  }
  return [
    ...(looks.length > 0 ? [writeLooks(looks, prompt)] : []),
    ...(tests.length > 0 ? [writeTests(tests, prompt)] : []),
    ...(others.length > 0 ? [writeCommands(others, prompt)] : []),
  ];
}
