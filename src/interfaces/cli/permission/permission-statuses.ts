import type { PermissionStatus } from '../../../domain/permission/permission.js';

/** Each state of a permission and the colour it is shown in. */
export const PERMISSION_COLOURS = {
  waiting: 'yellow',
  allowed: 'green',
  denied: 'red',
  withdrawn: 'gray',
} as const satisfies Record<PermissionStatus, string>;

/** What `--status` of the inbox takes. */
export const PERMISSION_STATUSES = Object.keys(PERMISSION_COLOURS);
