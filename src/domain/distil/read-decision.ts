import type { ToolUse } from '../session/tool-use.js';
import type { DecisionAction } from './action.js';
import { excerpt } from './excerpt.js';
import { isObject, objectOf, readToolInput } from './tool-input.js';
import { readToolResult } from './tool-result.js';

/** Longest plan that is kept, in characters: it is what the user agreed to. */
const PLAN_LENGTH = 600;
const MOST_ANSWERS = 4;

/** A choice of the user's, if this tool use is one; `name` is the tool's, in small letters. Null: one without an answer. */
export function readDecision(use: ToolUse, name: string): DecisionAction | null | undefined {
  const { toolUseId } = use;
  if (name === 'askuserquestion' || name === 'askuser') {
    const answers = answersOf(use);
    const [first] = answers;
    if (first === undefined) return null;
    const facts = answers.map(([question, answer]) => `Asked: ${question} The user chose: ${answer}.`);
    return { kind: 'decision', toolUseId, failed: false, title: `${first[0]} ${first[1]}`, facts };
  }
  if (name === 'exitplanmode' || name === 'presentplan') {
    const plan = readToolInput(use.input).text('plan') ?? '';
    const { text } = readToolResult(use.result);
    // The user may have changed the plan; then the answer has it.
    const [, edited] = /## Approved Plan[^\n]*\n([\s\S]*)$/u.exec(text) ?? [];
    const isApproved = use.outcome === 'done' && !/reject|doesn't want/iu.test(text.slice(0, 300));
    const gist = excerpt((edited ?? plan).replace(/^#+ */gmu, ''), PLAN_LENGTH);
    const title = `${isApproved ? 'Approved' : 'Rejected'} plan: ${gist}`;
    return { kind: 'decision', toolUseId, failed: false, title, facts: [`Plan: ${gist}`] };
  }
  if (use.outcome !== 'denied') return undefined;
  const input = readToolInput(use.input);
  const what =
    input.text('command', 'file_path', 'filePath', 'path', 'url', 'pattern') ?? input.texts('command').join(' ');
  const why = excerpt(readToolResult(use.result).text);
  const title = `Not allowed: ${use.name} ${excerpt(what, 80)}`.trim();
  return { kind: 'decision', toolUseId, failed: false, title, facts: why === '' ? [] : [`Told: ${why}`] };
}

/** Questions with the answers that the user gave. */
function answersOf(use: ToolUse): [question: string, answer: string][] {
  const answers = objectOf(use.result)?.['answers'];
  const pairs = isObject(answers)
    ? Object.entries(answers).map(
        ([question, answer]) => [question, typeof answer === 'string' ? answer : JSON.stringify(answer)] as const,
      )
    : [...use.result.slice(0, 8_000).matchAll(/"([^"\n]{1,400})"="([^"\n]{1,400})"/gu)].map(
        ([, q = '', a = '']) => [q, a] as const,
      );
  return pairs.slice(0, MOST_ANSWERS).map(([question, answer]) => [excerpt(question, 120), excerpt(answer, 120)]);
}
