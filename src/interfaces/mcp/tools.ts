import { memoryGet } from './memory-get-tool.js';
import { memorySave } from './memory-save-tool.js';
import { memorySearch } from './memory-search-tool.js';
import { memoryTimeline } from './memory-timeline-tool.js';
import { permissionAnswer, permissionList } from './permission-tools.js';
import { sessionList } from './session-list-tool.js';
import { taskResult } from './task-result-tool.js';
import { taskCancel, taskSpawn, taskStatus } from './task-tools.js';
import type { Tool } from './tool.js';

/** Every tool, in the order in which they are listed. */
export const TOOLS: readonly Tool[] = [
  memorySearch,
  memoryTimeline,
  memoryGet,
  memorySave,
  taskSpawn,
  taskStatus,
  taskResult,
  taskCancel,
  sessionList,
  permissionList,
  permissionAnswer,
];
