import { pageOf } from '../../application/page.js';
import { AnswerPermission } from '../../application/permission/answer-permission.js';
import { GetPermission, ListPermissions } from '../../application/permission/list-permissions.js';
import { Permission } from '../../domain/permission/permission.js';
import { procedure, router } from './init.js';

/** What agents ask leave for. */
export const permissionRouter = router({
  get: procedure
    .input(GetPermission)
    .output(Permission)
    .query(({ ctx, input }) => ctx.app.getPermission(input)),
  list: procedure
    .input(ListPermissions.prefault({}))
    .output(pageOf(Permission))
    .query(({ ctx, input }) => ctx.app.listPermissions(input)),
  answer: procedure
    .input(AnswerPermission)
    .output(Permission)
    .mutation(({ ctx, input }) => ctx.app.answerPermission(input)),
});
