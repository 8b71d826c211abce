import { z } from 'zod';
import { type Permission, PermissionStatus } from '../../domain/permission/permission.js';
import { PermissionId, TaskId } from '../../domain/shared/id.js';
import type { Dependencies } from '../dependencies.js';
import { type Page, PageSize, toPage } from '../page.js';

export const ListPermissions = z.strictObject({
  status: PermissionStatus.optional(),
  taskId: TaskId.optional(),
  cursor: PermissionId.optional(),
  limit: PageSize,
});
export type ListPermissions = z.infer<typeof ListPermissions>;

/** What agents asked leave for, newest first. */
export function createListPermissions({ read }: Pick<Dependencies, 'read'>) {
  return ({ status, taskId, cursor, limit }: ListPermissions): Promise<Page<Permission>> =>
    read(async ({ permissions }) =>
      toPage(await permissions.list({ status, taskId, before: cursor, limit: limit + 1 }), limit),
    );
}

export const GetPermission = z.strictObject({ permissionId: PermissionId });
export type GetPermission = z.infer<typeof GetPermission>;

/** One of them. Throws `not_found`. */
export function createGetPermission({ read }: Pick<Dependencies, 'read'>) {
  return ({ permissionId }: GetPermission): Promise<Permission> =>
    read(({ permissions }) => permissions.get(permissionId));
}
