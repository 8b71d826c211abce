import { z } from 'zod';
import { pageOf } from '../../application/page.js';
import { AnswerPermission } from '../../application/permission/answer-permission.js';
import { ListPermissions } from '../../application/permission/list-permissions.js';
import { Permission } from '../../domain/permission/permission.js';
import { fittingPage, shortened } from './capped.js';
import { defineTool } from './tool.js';

const PermissionView = z.looseObject({ id: z.string(), status: z.string(), tool: z.string(), title: z.string() });

export const permissionList = defineTool({
  name: 'permission_list',
  title: 'See what agents ask leave for',
  description:
    'Lists the tools that running agents ask leave to use, newest first: those that wait for an answer unless `status` ' +
    'says otherwise. Tell the user what is asked; never decide in the place of the user.',
  isReadOnly: true,
  input: ListPermissions.extend({ status: ListPermissions.shape.status.default('waiting') }),
  output: pageOf(PermissionView),
  async run(input, { app }) {
    const page = await fittingPage(input.limit, (limit) => app.listPermissions({ ...input, limit }));
    const lines = page.items.map(({ id, status, profile, title }) => `${id} · ${status} · ${profile} · ${title}`);
    if (lines.length === 0) lines.push('Nobody asks for anything.');
    if (page.nextCursor !== null) lines.push(`[There is more: permission_list with cursor ${page.nextCursor}]`);
    return { structured: shortened({ ...page }), text: lines.join('\n') };
  },
});

export const permissionAnswer = defineTool({
  name: 'permission_answer',
  title: 'Answer an agent that asks leave',
  description: 'Allows or denies what a running agent asks leave for, as the user has said. It is answered once.',
  isReadOnly: false,
  input: AnswerPermission,
  output: z.looseObject(Permission.options[0].pick({ id: true, tool: true, title: true }).shape),
  async run(input, { app }) {
    const permission = await app.answerPermission(input);
    return { structured: shortened(permission), text: `${permission.id} is ${permission.status}: ${permission.title}` };
  },
});
