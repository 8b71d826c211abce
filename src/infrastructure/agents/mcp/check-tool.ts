import type { Tool } from '@modelcontextprotocol/sdk/types.js';
import { z } from 'zod';

/** Most names that a message lists. */
const MAX_NAMES = 20;

const Property = z.object({ type: z.union([z.string(), z.array(z.string())]).optional() });

/** What a prompt is given to. */
export interface ToolWanted {
  /** Of the agent's profile. */
  readonly agent: string;
  readonly tool: string;
  readonly argument: string;
}

/** Why a prompt cannot be given to the tool, in one sentence; null when it can. */
export function toolProblem({ agent, tool: name, argument }: ToolWanted, tools: readonly Tool[]): string | null {
  const tool = tools.find((one) => one.name === name);
  const of = `agents.${agent}`;
  if (tool === undefined) {
    const names = tools.map((one) => one.name);
    return `The MCP server of the agent ${agent} has no tool ${JSON.stringify(name)}, ${there(names)}; correct ${of}.tool in config.json.`;
  }
  const { properties = {}, required = [], additionalProperties } = tool.inputSchema;
  const names = Object.keys(properties);
  const property = properties[argument];
  if (property === undefined && (names.length > 0 || additionalProperties === false)) {
    return `The tool ${JSON.stringify(name)} takes no argument ${JSON.stringify(argument)}, ${there(names)}; correct ${of}.promptArgument in config.json.`;
  }
  const type = Property.safeParse(property).data?.type;
  if (type !== undefined && ![type].flat().includes('string')) {
    return `The argument ${JSON.stringify(argument)} of the tool ${JSON.stringify(name)} takes no text; correct ${of}.promptArgument in config.json.`;
  }
  const others = required.filter((one) => one !== argument);
  if (others.length === 0) return null;
  return `The tool ${JSON.stringify(name)} needs more than a prompt: ${listed(others)}; name another one in ${of}.tool in config.json.`;
}

function there(names: readonly string[]): string {
  return names.length === 0 ? 'and no other' : `only ${listed(names)}`;
}

function listed(names: readonly string[]): string {
  const shown = names.slice(0, MAX_NAMES).map((name) => JSON.stringify(name));
  return [...shown, ...(names.length > shown.length ? ['…'] : [])].join(', ');
}
