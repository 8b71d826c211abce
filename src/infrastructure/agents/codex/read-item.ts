import { z } from 'zod';
import type { AgentUpdate } from '../../../application/ports/agent-update.js';
import { cutText } from '../../../domain/shared/cut-text.js';
import { diffsOf, patchOf, readChanges } from './file-changes.js';
import { withoutShell } from './shell-word.js';

/** Longest line for a person about a tool call, in UTF-16 code units. */
const TITLE_LENGTH = 200;

/** A step of a turn. What else it holds depends on its type. */
export const Item = z.looseObject({ type: z.string(), id: z.string() });
export type Item = z.infer<typeof Item>;

/** A tool that an item uses. */
export interface ItemTool {
  /** As the hooks name it, where they tell of it. */
  readonly name: string;
  readonly title: string;
  readonly input: unknown;
}

type ToolResult = Extract<AgentUpdate, { type: 'tool_result' }>;

/** The tool that an item is a use of; null for one that is none. */
export function toolOf(item: Item): ItemTool | null {
  const { type } = item;
  switch (type) {
    case 'commandExecution': {
      const command = withoutShell(text(item['command']));
      return { name: 'Bash', title: titled(command), input: { command } };
    }
    case 'fileChange': {
      const changes = readChanges(item['changes']);
      const title = titled(changes.map(({ path }) => path).join(', '));
      return { name: 'apply_patch', title, input: { command: patchOf(changes) } };
    }
    case 'mcpToolCall': {
      const [server, tool] = [text(item['server']), text(item['tool'])];
      return { name: `mcp__${server}__${tool}`, title: titled(`${server}: ${tool}`), input: item['arguments'] ?? null };
    }
    case 'dynamicToolCall':
      return { name: text(item['tool']), title: titled(text(item['tool'])), input: item['arguments'] ?? null };
    case 'collabAgentToolCall': {
      const prompt = text(item['prompt']);
      return { name: text(item['tool']), title: titled(prompt), input: { prompt } };
    }
    case 'webSearch': {
      const query = text(item['query']);
      return { name: 'web_search', title: titled(query), input: { query } };
    }
    case 'imageView': {
      const path = text(item['path']);
      return { name: 'view_image', title: titled(path), input: { path } };
    }
    case 'imageGeneration': {
      const prompt = text(item['revisedPrompt']);
      return { name: 'image_generation', title: titled(prompt), input: { prompt } };
    }
    default:
      return null;
  }
}

/** What a tool use that is over gave. */
export function toolResultOf(item: Item): Omit<ToolResult, 'type' | 'toolUseId'> {
  const { type } = item;
  const status = text(item['status']);
  const outcome = status === 'failed' || status === 'declined' ? 'failed' : 'done';
  switch (type) {
    case 'commandExecution':
      return { outcome, output: commandOutput(item, status), diffs: [] };
    case 'fileChange':
      return {
        outcome,
        output: status === 'declined' ? 'It was not allowed.' : '',
        diffs: outcome === 'done' ? diffsOf(readChanges(item['changes'])) : [],
      };
    case 'mcpToolCall':
      return { outcome, output: mcpOutput(item), diffs: [] };
    case 'dynamicToolCall':
      return {
        outcome: item['success'] === false ? 'failed' : outcome,
        output: texts(item['contentItems']),
        diffs: [],
      };
    case 'imageGeneration':
      return { outcome, output: text(item['savedPath']), diffs: [] };
    default:
      return { outcome, output: '', diffs: [] };
  }
}

function commandOutput(item: Item, status: string): string {
  if (status === 'declined') return 'It was not allowed.';
  const output = text(item['aggregatedOutput']);
  const exitCode = item['exitCode'];
  if (typeof exitCode !== 'number' || exitCode === 0) return output;
  return `${output}${output === '' || output.endsWith('\n') ? '' : '\n'}Exit code: ${String(exitCode)}`;
}

const McpResult = z.object({ content: z.unknown().optional() });
const McpError = z.object({ message: z.string() });

function mcpOutput(item: Item): string {
  const error = McpError.safeParse(item['error']);
  if (error.success) return error.data.message;
  const result = McpResult.safeParse(item['result']);
  return result.success ? texts(result.data.content) : '';
}

const Piece = z.object({ text: z.string() });

/** The texts of a list of content; what is no text is left out. */
function texts(content: unknown): string {
  if (!Array.isArray(content)) return '';
  return content
    .flatMap((piece: unknown) => {
      const { success, data } = Piece.safeParse(piece);
      return success ? [data.text] : [];
    })
    .join('\n');
}

function titled(words: string): string {
  return cutText(words.replace(/\s+/g, ' ').trim(), TITLE_LENGTH);
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
