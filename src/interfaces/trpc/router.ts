import { agentRouter } from './agent-router.js';
import { eventRouter } from './event-router.js';
import { router } from './init.js';
import { observationRouter } from './observation-router.js';
import { permissionRouter } from './permission-router.js';
import { queueRouter } from './queue-router.js';
import { scheduleRouter } from './schedule-router.js';
import { sessionRouter } from './session-router.js';
import { systemRouter } from './system-router.js';
import { taskRouter } from './task-router.js';
import { workspaceRouter } from './workspace-router.js';

/** The API, a router per noun. */
export const appRouter = router({
  task: taskRouter,
  queue: queueRouter,
  schedule: scheduleRouter,
  agent: agentRouter,
  session: sessionRouter,
  permission: permissionRouter,
  observation: observationRouter,
  workspace: workspaceRouter,
  event: eventRouter,
  system: systemRouter,
});

/** What a typed client is made from. */
export type AppRouter = typeof appRouter;
