import type { AgentUpdate } from '../../ports/agent-update.js';
import type { ProbeScript } from '../../ports/probe-stage.js';
import type { TurnEnd } from '../../ports/turn-end.js';
import type { RecordedTurn } from './recorded-turns.js';

/** Most differences that are told; the first ones say what happened. */
const MAX_DIFFERENCES = 20;

type Update<T extends AgentUpdate['type']> = Extract<AgentUpdate, { type: T }>;

/** In what a turn differs from the one that was recorded, a sentence for each; empty for one that is as it was. */
export function compareTurn(
  updates: readonly AgentUpdate[],
  recorded: RecordedTurn,
  script: ProbeScript,
): readonly string[] {
  const all = [
    ...endOf(updates, script),
    ...orderOf(updates, recorded),
    ...unknownOf(updates),
    ...sessionOf(updates),
    ...toolOf(updates, recorded, script),
    ...usageOf(updates),
  ];
  return [...new Set(all)].slice(0, MAX_DIFFERENCES);
}

function ofType<T extends AgentUpdate['type']>(updates: readonly AgentUpdate[], type: T): Update<T>[] {
  return updates.filter((update): update is Update<T> => update.type === type);
}

function endOf(updates: readonly AgentUpdate[], { closing }: ProbeScript): string[] {
  const end: TurnEnd | undefined = ofType(updates, 'turn_end').at(-1)?.end;
  if (end === undefined) return ['The turn has no end.'];
  if (end.outcome === 'aborted') return ['The turn was broken off.'];
  if (end.outcome === 'failed') return [`The turn failed: ${end.error.message}`];
  const { text } = end.result;
  return text.trim() === closing ? [] : [`Its result is ${quoted(text)} and not ${quoted(closing)}.`];
}

/** What must come, in its order, and nothing else but what may come in between. */
function orderOf(updates: readonly AgentUpdate[], { order, between }: RecordedTurn): string[] {
  const types = updates.map(({ type }) => type);
  const expected = new Set([...order, ...between, 'unknown']);
  const differences = [...new Set(types)]
    .filter((type) => !expected.has(type))
    .map((type) => `A message of the kind ${type} came, which was not recorded.`);
  let at = 0;
  for (const [place, type] of order.entries()) {
    const found = types.indexOf(type, at);
    if (found === -1) {
      const before = order[place - 1];
      const where = before === undefined ? '' : `, after ${before}`;
      return [...differences, `No ${type} came${where}.`];
    }
    at = found + 1;
  }
  return differences;
}

function unknownOf(updates: readonly AgentUpdate[]): string[] {
  return ofType(updates, 'unknown').map(({ kind }) => `A message that Codewalkers does not know came: ${kind}.`);
}

function sessionOf(updates: readonly AgentUpdate[]): string[] {
  const ids = ofType(updates, 'session').map(({ providerSessionId }) => providerSessionId);
  return ids.length > 0 && ids.every((id) => id !== '') ? [] : ['It does not tell the id of its conversation.'];
}

function toolOf(
  updates: readonly AgentUpdate[],
  { tellsOutput }: RecordedTurn,
  { word, command }: ProbeScript,
): string[] {
  const calls = ofType(updates, 'tool_call');
  const results = ofType(updates, 'tool_result');
  const call = calls.find(({ input, title }) => `${title} ${JSON.stringify(input)}`.includes(command));
  if (call === undefined) return [`It does not tell that it runs ${quoted(command)}.`];
  if (call.toolUseId === '') return ['It does not tell the id of its tool use.'];
  const result = results.find(({ toolUseId }) => toolUseId === call.toolUseId);
  if (result === undefined) return ['It does not tell what came of its tool use.'];
  if (result.outcome !== 'done') return [`Its command failed: ${quoted(result.output)}.`];
  return !tellsOutput || result.output.includes(word) ? [] : ['It does not tell what its command printed.'];
}

function usageOf(updates: readonly AgentUpdate[]): string[] {
  const last = ofType(updates, 'usage').at(-1)?.usage;
  if (last === undefined) return ['It does not tell how many tokens it used.'];
  return last.inputTokens > 0 && last.outputTokens > 0 ? [] : ['It tells that it used no tokens.'];
}

/** Longest text that a difference repeats, in UTF-16 code units. */
const QUOTE_LENGTH = 200;

function quoted(text: string): string {
  return JSON.stringify(text.length > QUOTE_LENGTH ? `${text.slice(0, QUOTE_LENGTH)}…` : text);
}
