import { z } from 'zod';
import { AgentId, ObservationId, SessionId, TaskId, WorkspaceId } from '../shared/id.js';
import { Timestamp } from '../shared/timestamp.js';

/** Every kind of fact that the event log holds, as contracts.md names them. */
export const EventType = z.enum([
  'task.enqueued',
  'task.changed',
  'task.unblocked',
  'task.started',
  'task.progressed',
  'task.completed',
  'task.failed',
  'task.retried',
  'task.cancelled',
  'task.discarded',
  'task.interrupted',
  'task.parked',
  'task.rerouted',
  'agent.spawned',
  'agent.ready',
  'agent.busy',
  'agent.idle',
  'agent.stopped',
  'agent.crashed',
  'session.started',
  'session.prompted',
  'session.paused',
  'session.resumed',
  'session.summarized',
  'session.closed',
  'session.failed',
  'tooluse.captured',
  'observation.created',
  'observation.forgotten',
  'account.limited',
  'account.reopened',
  'permission.asked',
  'permission.decided',
  'workspace.added',
  'workspace.removed',
  'workspace.changed',
  'queue.paused',
  'queue.resumed',
  'queue.limited',
  'schedule.added',
  'schedule.changed',
  'schedule.paused',
  'schedule.resumed',
  'schedule.removed',
  'schedule.fired',
  'schedule.missed',
  'schedule.failed',
  'server.started',
  'server.draining',
  'processing.changed',
]);
export type EventType = z.infer<typeof EventType>;

/** A place in the event log. Positions only grow and are never given twice. 0 is before the first event. */
export const Position = z.int().nonnegative();
export type Position = z.infer<typeof Position>;

/** A fact as it stands in the log. */
export const Event = z.object({
  position: Position,
  type: EventType,
  at: Timestamp,
  taskId: TaskId.optional(),
  sessionId: SessionId.optional(),
  agentId: AgentId.optional(),
  observationId: ObservationId.optional(),
  workspaceId: WorkspaceId.optional(),
  data: z.record(z.string(), z.json()),
});
export type Event = z.infer<typeof Event>;

/** A fact that is about to be appended; the log gives it its position. */
export type Fact = Omit<Event, 'position'>;

/** Tells a follower that events between its cursor and `position` are not to be had: read the state again. */
interface Reset {
  type: 'reset';
  position: Position;
  at: Timestamp;
}

/** What a follower of the log receives. */
export type Followed = Event | Reset;
