import { z } from 'zod';
import { MAX_PATH_LENGTH } from '../../domain/session/capture-limits.js';
import { isId, ObservationId, type WorkspaceId } from '../../domain/shared/id.js';
import type { Dependencies } from '../dependencies.js';
import { placeOf } from '../workspace/workspace-place.js';
import type { MakeContext } from './make-context.js';

/** Largest budget that may be asked for. */
const MAX_TOKENS = 100_000;
/** Longest prompt that is looked at, in UTF-16 code units. */
const MAX_PROMPT = 100_000;
const MAX_FILES = 200;

/** `workspace` is an id, or a directory within it. Without `tokens`: as many as `memory.contextTokens` says. */
export const GetContext = z.strictObject({
  workspace: z.string().min(1).max(MAX_PATH_LENGTH),
  prompt: z.string().max(MAX_PROMPT).default(''),
  files: z.array(z.string().min(1).max(MAX_PATH_LENGTH)).max(MAX_FILES).default([]),
  tokens: z.int().min(0).max(MAX_TOKENS).optional(),
});
export type GetContext = z.infer<typeof GetContext>;

/** `text` is null when nothing is remembered that fits. */
export const ContextText = z.object({
  text: z.string().nullable(),
  tokens: z.int().nonnegative(),
  observationIds: z.array(ObservationId),
});
export type ContextText = z.infer<typeof ContextText>;

const NOTHING: ContextText = { text: null, tokens: 0, observationIds: [] };

/** What a session that begins in this workspace would be handed. Throws `invalid_input` for what is no directory. */
export function createGetContext({
  makeContext,
  settings,
  ...needs
}: Pick<Dependencies, 'read' | 'directories' | 'repositories' | 'settings'> & { readonly makeContext: MakeContext }) {
  return async ({ workspace, prompt, files, tokens }: GetContext): Promise<ContextText> => {
    const workspaceId = await workspaceAt(workspace, needs);
    if (workspaceId === undefined) return NOTHING;
    const budget = tokens ?? settings.memory.contextTokens;
    const made = await makeContext({ workspaceId, prompt, files, tokens: budget, waits: true });
    if (made === null) return NOTHING;
    return { text: made.text, tokens: made.tokens, observationIds: [...made.observationIds] };
  };
}

/** The workspace with this id, or the one that this directory belongs to; undefined for one that nobody has worked in. */
async function workspaceAt(
  place: string,
  needs: Pick<Dependencies, 'read' | 'directories' | 'repositories'>,
): Promise<WorkspaceId | undefined> {
  if (isId('workspace', place)) return (await needs.read(({ workspaces }) => workspaces.get(place))).id;
  const { path } = await placeOf(place, needs);
  return (await needs.read(({ workspaces }) => workspaces.findByPath(path)))?.id;
}
