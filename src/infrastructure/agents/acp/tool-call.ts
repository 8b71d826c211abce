import { z } from 'zod';
import type { FileDiff } from '../../../application/ports/agent-update.js';
import { looseList, looseText } from './loose.js';

const Content = z.discriminatedUnion('type', [
  z.object({ type: z.literal('content'), content: z.object({ type: z.literal('text'), text: z.string() }) }),
  z.object({
    type: z.literal('diff'),
    path: z.string(),
    oldText: looseText,
    newText: looseText,
    _meta: z.object({ kind: looseText }).nullish().catch(undefined),
  }),
]);

/** What an agent tells of a tool call: the whole of it, or what has changed since. */
export const ToolCallFields = z.object({
  toolCallId: z.string(),
  name: looseText,
  title: looseText,
  kind: looseText,
  status: looseText,
  rawInput: z.unknown().optional(),
  rawOutput: z.unknown().optional(),
  content: looseList(Content).optional(),
  locations: looseList(z.object({ path: z.string() })).optional(),
  _meta: z
    .object({ claudeCode: z.object({ toolName: looseText }).nullish().catch(undefined) })
    .nullish()
    .catch(undefined),
});
export type ToolCallFields = z.infer<typeof ToolCallFields>;

const texts = ({ content = [] }: ToolCallFields) => content.filter(({ type }) => type === 'content');
const diffs = ({ content = [] }: ToolCallFields) => content.filter(({ type }) => type === 'diff');
const newer = <T>(told: T[], known: T[]): T[] => (told.length > 0 ? told : known);
/** States in which a call's text is what the tool gave; before, it may be what the agent says of the call. */
const OVER = new Set(['completed', 'failed']);

/** What is told of a call without what the agent says of it before its end. */
export function withoutRemarks(told: ToolCallFields): ToolCallFields {
  return OVER.has(told.status ?? '') ? told : { ...told, content: diffs(told) };
}

/** What is known of a call, by what was told first and what came since. */
export function merged(known: ToolCallFields | undefined, told: ToolCallFields): ToolCallFields {
  if (known === undefined) return told;
  return {
    toolCallId: known.toolCallId,
    name: told.name ?? known.name,
    // What a call is called first is the tool's name with some agents; later titles are for people.
    title: told.title ?? known.title,
    kind: told.kind ?? known.kind,
    status: told.status ?? known.status,
    rawInput: hasInput(told) ? told.rawInput : (known.rawInput ?? told.rawInput),
    rawOutput: told.rawOutput ?? known.rawOutput,
    content: [...newer(texts(told), texts(known)), ...newer(diffs(told), diffs(known))],
    locations: told.locations === undefined || told.locations.length === 0 ? known.locations : told.locations,
    _meta: told._meta ?? known._meta,
  };
}

/** True when it says what the tool was called with. Some agents begin with an empty object and fill it in later. */
export function hasInput({ rawInput }: ToolCallFields): boolean {
  if (rawInput === undefined || rawInput === null) return false;
  return typeof rawInput !== 'object' || Object.keys(rawInput).length > 0;
}

/** The tool's name, as near as the agent tells it: ACP has no field for it that every agent sends. */
export function toolName(first: ToolCallFields): string {
  const told = first.name ?? first._meta?.claudeCode?.toolName;
  if (told) return told;
  // Gemini: `write_file__call_1`.
  const prefix = /^([A-Za-z][\w-]*?)__/.exec(first.toolCallId)?.[1];
  if (prefix !== undefined) return prefix;
  // Codex: `Tool: server/tool`.
  const mcp = /^Tool: (\S+)$/.exec(first.title ?? '')?.[1];
  if (mcp !== undefined) return mcp;
  // opencode: a call's first title is the tool.
  if (/^[A-Za-z][\w-]*$/.test(first.title ?? '')) return first.title ?? '';
  return first.kind ?? 'tool';
}

/** What the tool was called with; where the agent does not tell, what its other fields say of it. */
export function toolInput(call: ToolCallFields): unknown {
  if (hasInput(call)) return call.rawInput;
  const paths = (call.locations ?? []).map(({ path }) => path);
  const [path, ...others] = paths;
  if (call.kind === 'execute') return { command: call.title ?? '' };
  if (path !== undefined && others.length === 0) return { file_path: path };
  return { description: call.title ?? '', ...(paths.length > 0 && { paths }) };
}

/** One line for a person. */
export function toolTitle({ title, toolCallId }: ToolCallFields): string {
  const line = (title ?? '').split('\n', 1)[0]?.trim() ?? '';
  return line === '' ? toolCallId : line;
}

/** What the tool gave, as text. */
export function toolOutput({ content, rawOutput }: ToolCallFields): string {
  const texts = (content ?? []).flatMap((one) => (one.type === 'content' ? [one.content.text] : []));
  if (texts.length > 0) return texts.join('\n');
  return outputText(rawOutput);
}

const KnownOutput = z.object({
  output: looseText,
  formatted_output: looseText,
  aggregated_output: looseText,
  message: looseText,
});

function outputText(raw: unknown): string {
  if (raw === undefined || raw === null) return '';
  if (typeof raw === 'string') return raw;
  const { success, data } = KnownOutput.safeParse(raw);
  const told = success ? (data.formatted_output ?? data.aggregated_output ?? data.output ?? data.message) : null;
  return told ?? JSON.stringify(raw);
}

/** What the tool changed in files. */
export function toolDiffs({ content }: ToolCallFields): FileDiff[] {
  return (content ?? []).flatMap((one): FileDiff[] => {
    if (one.type !== 'diff') return [];
    // Gemini says of a new file that its text was empty.
    const isNew = one._meta?.kind === 'add';
    return [{ path: one.path, before: isNew ? null : (one.oldText ?? null), after: one.newText ?? null }];
  });
}
