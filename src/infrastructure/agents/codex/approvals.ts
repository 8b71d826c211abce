import { z } from 'zod';
import type { PermissionAnswer } from '../../../application/ports/agent-runtime.js';
import type { PermissionRequest } from '../../../application/ports/agent-update.js';
import { cutText } from '../../../domain/shared/cut-text.js';
import type { ItemTool } from './read-item.js';
import { withoutShell } from './shell-word.js';

/** Longest line for a person about a request, in UTF-16 code units. */
const TITLE_LENGTH = 300;

const Text = z.string().nullish().catch(null);
const Params = z.looseObject({
  itemId: Text,
  callId: Text,
  /** A line for a shell; a list of words in the older request. */
  command: z
    .union([z.string(), z.array(z.string())])
    .nullish()
    .catch(null),
  reason: Text,
  grantRoot: Text,
  message: Text,
  serverName: Text,
});
type Params = z.infer<typeof Params>;
/** Codex asks for leave to use an MCP server's tool through a form that it marks so. */
const Elicitation = z.object({
  _meta: z.looseObject({
    codex_approval_kind: z.literal('mcp_tool_call'),
    tool_name: z.string().catch(''),
    tool_params: z.unknown().optional(),
  }),
});

/** What Codex asks leave for, and how an answer is said to it. */
export interface Approval {
  readonly request: Omit<PermissionRequest, 'requestId'>;
  /** The result for Codex. */
  answer(given: PermissionAnswer): unknown;
  /** The result that says that the turn is over. */
  readonly cancelled: unknown;
}

/**
 * The approval that a request of Codex asks for. Null for another request. `known` finds the tool that an item uses, which
 * a request to change files does not repeat.
 */
export function readApproval(
  method: string,
  params: unknown,
  known: (itemId: string) => ItemTool | undefined,
): Approval | null {
  const { success, data } = Params.safeParse(params);
  if (!success) return null;
  switch (method) {
    case 'item/commandExecution/requestApproval':
      return { request: command(data, data.itemId ?? null), ...DECISIONS };
    case 'item/fileChange/requestApproval':
      return { request: fileChange(data, known(data.itemId ?? '')), ...DECISIONS };
    case 'execCommandApproval':
      return { request: command(data, data.callId ?? null), ...REVIEWS };
    case 'applyPatchApproval':
      return { request: olderFileChange(data), ...REVIEWS };
    case 'item/permissions/requestApproval':
      return permissions(data);
    case 'mcpServer/elicitation/request':
      return elicitation(data);
    default:
      return null;
  }
}

const DECISIONS = {
  answer: (given: PermissionAnswer) => ({
    decision: given.behavior === 'deny' ? 'decline' : given.always ? 'acceptForSession' : 'accept',
  }),
  cancelled: { decision: 'cancel' },
};

const REVIEWS = {
  answer: (given: PermissionAnswer) => ({
    decision:
      given.behavior === 'deny'
        ? { denied: { rejection: given.message } }
        : given.always
          ? 'approved_for_session'
          : 'approved',
  }),
  cancelled: { decision: 'abort' },
};

function command({ command: words, reason }: Params, toolUseId: string | null): Approval['request'] {
  const line = withoutShell(typeof words === 'string' ? words : unwrapped(words ?? []));
  return { toolUseId, tool: 'Bash', input: { command: line }, title: titled(line, reason) };
}

function unwrapped(words: readonly string[]): string {
  const [, flag, line] = words;
  return words.length === 3 && line !== undefined && /^-l?c$/.test(flag ?? '') ? line : words.join(' ');
}

function fileChange({ itemId, reason, grantRoot }: Params, tool: ItemTool | undefined): Approval['request'] {
  const title = titled(tool?.title ?? `write in ${grantRoot ?? 'the workspace'}`, reason);
  return { toolUseId: itemId ?? null, tool: tool?.name ?? 'apply_patch', input: tool?.input ?? { grantRoot }, title };
}

function olderFileChange({ callId, reason, ...more }: Params): Approval['request'] {
  const changes = more['fileChanges'] ?? {};
  const paths = typeof changes === 'object' ? Object.keys(changes).join(', ') : '';
  return { toolUseId: callId ?? null, tool: 'apply_patch', input: { changes }, title: titled(paths, reason) };
}

function permissions({ itemId, reason, ...more }: Params): Approval {
  const asked = more['permissions'] ?? {};
  return {
    request: {
      toolUseId: itemId ?? null,
      tool: 'request_permissions',
      input: { permissions: asked },
      title: titled('more permissions', reason),
    },
    answer: (given) =>
      given.behavior === 'allow'
        ? { permissions: asked, scope: given.always ? 'session' : 'turn' }
        : { permissions: {} },
    cancelled: { permissions: {} },
  };
}

function elicitation(params: Params): Approval | null {
  const { success, data } = Elicitation.safeParse(params);
  if (!success) return null;
  const { tool_name: tool, tool_params: input } = data._meta;
  const server = params.serverName ?? '';
  return {
    request: {
      toolUseId: null,
      tool: `mcp__${server}__${tool}`,
      input: input ?? null,
      title: titled(params.message ?? `${server}: ${tool}`, null),
    },
    answer: (given) => {
      if (given.behavior === 'deny') return { action: 'decline', content: null, _meta: null };
      return { action: 'accept', content: {}, _meta: given.always ? { persist: 'session' } : null };
    },
    cancelled: { action: 'cancel', content: null, _meta: null },
  };
}

function titled(what: string, reason: string | null | undefined): string {
  const why = reason === null || reason === undefined || reason === '' ? '' : ` (${reason})`;
  return cutText(`${what}${why}`.replace(/\s+/g, ' ').trim(), TITLE_LENGTH);
}
