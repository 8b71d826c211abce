import { z } from 'zod';
import type { Application } from '../../application/application.js';

/** What a tool is given beside its arguments. */
export interface ToolCall {
  readonly app: Application;
  /** The directory that the client works in, absolute; null when it did not say. */
  readonly directory: string | null;
  /** The transport's own name for this call: one that comes twice is the same call, sent again. */
  readonly requestId: string | undefined;
  /** Aborted when the client has cancelled the call, or is gone. */
  readonly signal: AbortSignal;
  /** Aborted when the server closes. */
  readonly closing: AbortSignal;
  /** Tells a client that waits how far it is, if it asked to be told. `done` must grow from call to call. */
  progress(done: number, message: string): void;
}

/** `structured` is what programs read, `text` the same in short for models. */
export interface ToolAnswer {
  readonly structured: Readonly<Record<string, unknown>>;
  readonly text: string;
}

/** JSON Schema of an object, as MCP wants it for what goes in and what comes out. */
export type ObjectSchema = { readonly type: 'object'; readonly [keyword: string]: unknown };

/** One tool of the MCP server. `call` throws a ZodError for wrong arguments, and what use cases throw. */
export interface Tool {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly inputSchema: ObjectSchema;
  readonly outputSchema: ObjectSchema;
  /** Changes nothing, so a call may be repeated. */
  readonly isReadOnly: boolean;
  call(args: unknown, call: ToolCall): Promise<ToolAnswer>;
}

/** A tool gives up waiting because the server closes: nothing came of the call, and the next server can be asked. */
export class CutOff extends Error {
  constructor() {
    super('The call was broken off.');
  }
}

interface Definition<Input extends z.ZodType> extends Omit<Tool, 'inputSchema' | 'outputSchema' | 'call'> {
  readonly input: Input;
  readonly output: z.ZodType;
  readonly run: (input: z.output<Input>, call: ToolCall) => Promise<ToolAnswer>;
}

/** Makes a tool of schemas and a function. */
export function defineTool<Input extends z.ZodType>({ input, output, run, ...rest }: Definition<Input>): Tool {
  return {
    ...rest,
    inputSchema: schemaOf(input, 'input'),
    outputSchema: schemaOf(output, 'output'),
    call: async (args, call) => run(input.parse(args ?? {}), call),
  };
}

/** Draft 7 is what every client can check. */
function schemaOf(schema: z.ZodType, io: 'input' | 'output'): ObjectSchema {
  return { ...z.toJSONSchema(schema, { io, target: 'draft-7', unrepresentable: 'any' }), type: 'object' };
}
