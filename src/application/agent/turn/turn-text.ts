import type { AgentUpdate, PlanEntry } from '../../ports/agent-update.js';

/** Most lines of a tool's result that an output shows; memory keeps more of it. */
const RESULT_LINES = 20;
/** Longest line of a tool's result that an output shows, in UTF-16 code units: a few lines of a terminal. */
const LINE_LENGTH = 500;

const PLAN_SIGNS: Record<PlanEntry['status'], string> = { pending: '[ ]', in_progress: '[>]', completed: '[x]' };

/** Writes a turn down for people. */
export interface TurnText {
  /** What this update adds to the text; empty when it adds nothing. The same updates always give the same text. */
  add(update: AgentUpdate): string;
}

/**
 * What an agent says stands as it is. Thoughts begin with `~`, tools with `*`, results are indented, and each of them
 * stands on lines of its own.
 */
export function createTurnText(): TurnText {
  /** The kind of piece that the text ends with, so that one piece of it can follow another without a break. */
  let open: AgentUpdate['type'] | null = null;
  let endsLine = true;

  function block(type: AgentUpdate['type'], text: string): string {
    const start = endsLine ? '' : '\n';
    open = type;
    endsLine = true;
    return `${start}${text}\n`;
  }

  function piece(type: 'text' | 'thought', sign: string, text: string): string {
    if (text === '') return '';
    const goesOn = open === type;
    const start = goesOn ? '' : `${endsLine ? '' : '\n'}${sign}`;
    open = type;
    endsLine = text.endsWith('\n');
    return start + text;
  }

  return {
    add(update) {
      switch (update.type) {
        case 'text':
          return piece('text', '', update.text);
        case 'thought':
          return piece('thought', '~ ', update.text);
        case 'tool_call':
          return block('tool_call', `* ${update.name}: ${update.title}`);
        case 'tool_result':
          return block('tool_result', resultOf(update));
        case 'plan':
          return block('plan', update.entries.map(({ status, text }) => `${PLAN_SIGNS[status]} ${text}`).join('\n'));
        case 'permission':
          return block('permission', `? asks for leave: ${update.request.title}`);
        case 'rate_limit':
          return block('rate_limit', `! ${update.message}`);
        case 'usage':
        case 'session':
        case 'mark':
        case 'permission_over':
        case 'progress':
        case 'unknown':
        case 'turn_end':
          return '';
      }
    },
  };
}

function resultOf({ outcome, output, diffs }: Extract<AgentUpdate, { type: 'tool_result' }>): string {
  const changed = diffs.map(({ path, before, after }) => {
    const what = before === null ? 'new' : after === null ? 'removed' : 'changed';
    return `${what}: ${path}`;
  });
  const lines = output.trimEnd() === '' ? [] : output.trimEnd().split('\n');
  const shown = lines.slice(0, RESULT_LINES).map(cut);
  if (lines.length > shown.length) shown.push(`… ${String(lines.length - shown.length)} more lines`);
  const all = [...(outcome === 'failed' ? ['failed'] : []), ...changed, ...shown];
  return (all.length === 0 ? ['done'] : all).map((line) => `  ${line}`).join('\n');
}

function cut(line: string): string {
  return line.length > LINE_LENGTH ? `${line.slice(0, LINE_LENGTH)} …` : line;
}
