/**
 * Whether a task, in this table or alias, may go: it finished before @before, and no task comes after it that has not
 * completed (a failed one may be retried), unless that one may go by its age as well.
 */
export function expired(task: string): string {
  return `${task}.finished_at < @before AND NOT EXISTS (
    SELECT 1 FROM task_dependency AS d CROSS JOIN task AS later ON later.id = d.task_id
    WHERE d.after_id = ${task}.id AND later.status <> 'completed' AND coalesce(later.finished_at >= @before, 1))`;
}
