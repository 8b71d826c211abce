import { z } from 'zod';
import type { MemoryEntry } from '../../application/memory/memory-entry.js';
import type { WorkspaceId } from '../../domain/shared/id.js';
import type { ToolCall } from './tool.js';

/** Whether to look in all workspaces. */
export const Everywhere = z
  .boolean()
  .default(false)
  .describe(
    'Look in all workspaces; otherwise in the one that you work in, if it is known, and those of its repository.',
  );

/** The workspace that the client works in; undefined for all, and where nothing is known of its directory. */
export async function workspaceOf(
  { app, directory }: Pick<ToolCall, 'app' | 'directory'>,
  everywhere: boolean,
): Promise<WorkspaceId | undefined> {
  if (everywhere || directory === null) return undefined;
  return (await app.findWorkspace({ path: directory }))?.id;
}

/** One line of an index. */
export function entryLine({ id, type, title, snippet, at, files }: MemoryEntry): string {
  const where = files.length === 0 ? '' : ` · ${files.slice(0, 3).join(', ')}${files.length > 3 ? ' …' : ''}`;
  const text = snippet.text.replace(/\s+/g, ' ').trim();
  const more = text === '' || text.startsWith(title) ? '' : `\n    ${text}`;
  return `${id} · ${new Date(at).toISOString()} · ${type} · ${title}${where}${more}`;
}
