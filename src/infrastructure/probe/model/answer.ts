import { z } from 'zod';
import type { ProbeScript } from '../../../application/ports/probe-stage.js';

/** A tool that the model uses. */
export interface Call {
  readonly id: string;
  readonly name: string;
  readonly input: Readonly<Record<string, unknown>>;
}

/** What the model says to one request. */
export interface Answer {
  readonly text: string;
  readonly call: Call | null;
}

/** Tokens that every answer costs. */
export const TOKENS = { input: 100, output: 20 };

/** To requests that are beside the conversation, such as for a title. */
const ASIDE: Answer = { text: 'A probe', call: null };
/** Tools of agents that run a command line, and the argument that it goes to. */
const SHELL_TOOLS: Readonly<Record<string, string>> = {
  Bash: 'command',
  bash: 'command',
  run_shell_command: 'command',
  exec_command: 'cmd',
  shell_command: 'command',
};

const Schema = z.looseObject({ required: z.array(z.string()).catch([]) }).catch({ required: [] });
/** A tool as any of the four interfaces writes it. */
const Tool = z.object({
  name: z.string().optional(),
  input_schema: Schema.optional(),
  parameters: Schema.optional(),
  parametersJsonSchema: Schema.optional(),
  function: z.object({ name: z.string(), parameters: Schema.optional() }).optional(),
  functionDeclarations: z
    .array(z.object({ name: z.string(), parameters: Schema.optional(), parametersJsonSchema: Schema.optional() }))
    .optional(),
});
const Request = z.object({ tools: z.array(z.unknown()).catch([]) }).catch({ tools: [] });

interface OfferedTool {
  readonly name: string;
  readonly required: readonly string[];
}

/**
 * What the model says to a request. It remembers nothing: the word is in a conversation only after it was said, so a
 * request that is repeated gets the same answer.
 */
export function answerTo(body: string, request: unknown, script: ProbeScript): Answer {
  const tools = offeredTools(request);
  if (tools.length === 0) return ASIDE;
  if (body.includes(script.word)) return { text: script.closing, call: null };
  const tool = tools.find(({ name }) => Object.hasOwn(SHELL_TOOLS, name));
  if (tool === undefined) return { text: `No tool for commands among ${listed(tools)}.`, call: null };
  return { text: script.opening, call: { id: `call_${script.word}`, name: tool.name, input: inputOf(tool, script) } };
}

function inputOf({ name, required }: OfferedTool, { command }: ProbeScript): Call['input'] {
  const others = required.map((argument) => [argument, 'Says a word'] as const);
  return { ...Object.fromEntries(others), [SHELL_TOOLS[name] ?? '']: command };
}

function offeredTools(request: unknown): OfferedTool[] {
  return Request.parse(request).tools.flatMap((one) => {
    const { data } = Tool.safeParse(one);
    if (data === undefined) return [];
    const all = [data, data.function, ...(data.functionDeclarations ?? [])];
    return all.flatMap((tool) => (tool?.name === undefined ? [] : [{ name: tool.name, required: requiredOf(tool) }]));
  });
}

type Described = Pick<z.infer<typeof Tool>, 'input_schema' | 'parameters' | 'parametersJsonSchema'>;

function requiredOf({ input_schema, parameters, parametersJsonSchema }: Described): readonly string[] {
  return (input_schema ?? parameters ?? parametersJsonSchema)?.required ?? [];
}

function listed(tools: readonly OfferedTool[]): string {
  return tools.map(({ name }) => name).join(', ');
}
