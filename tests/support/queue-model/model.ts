/** A task as the model has it: what the queue promises of it, and nothing of how. */
export interface ModelTask {
  /** The place in which it was enqueued. */
  readonly n: number;
  priority: number;
  runAt: number;
  deadline: number | null;
  readonly after: readonly number[];
  readonly runsAnyway: boolean;
  readonly unique: string | null;
  readonly maxAttempts: number;
  status: 'blocked' | 'scheduled' | 'pending' | 'processing' | 'completed' | 'failed' | 'cancelled';
  attempts: number;
  epoch: number;
}

export type Asked = Pick<
  ModelTask,
  'priority' | 'runAt' | 'deadline' | 'after' | 'runsAnyway' | 'unique' | 'maxAttempts'
>;

/** The first failure is tried again after this, the second after twice as long: half of the ceiling, as `random` is 0.5. */
const BACKOFF_MS = 1_000;

/** The queue as simply as it can be said: one list, walked from end to end at every question. */
export class QueueModel {
  readonly tasks: ModelTask[] = [];
  now: number;

  constructor(now: number) {
    this.now = now;
  }

  /** The task that it makes or that stands for it, or why it is refused. */
  enqueue(asked: Asked): ModelTask | 'conflict' | 'invalid_input' {
    const holder = this.#unfinished(asked.unique);
    if (holder !== undefined) return holder;
    if (asked.deadline !== null && asked.deadline <= Math.max(this.now, asked.runAt)) return 'invalid_input';
    if (this.#isHopeless(asked)) return 'conflict';
    const task: ModelTask = { ...asked, n: this.tasks.length, status: 'pending', attempts: 0, epoch: 0 };
    this.tasks.push(task);
    this.#settle(task);
    return task;
  }

  /** The ready tasks in the order in which they are handed out. */
  ready(): ModelTask[] {
    return this.#in('pending').sort((a, b) => b.priority - a.priority || a.runAt - b.runAt || a.n - b.n);
  }

  running(): ModelTask[] {
    return this.#in('processing');
  }

  unfinished(): ModelTask[] {
    return this.tasks.filter((task) => !isOver(task));
  }

  claim(count: number): ModelTask[] {
    const claimed = this.ready().slice(0, count);
    for (const task of claimed) {
      task.status = 'processing';
      task.attempts += 1;
      task.epoch += 1;
    }
    return claimed;
  }

  complete(task: ModelTask): void {
    task.status = 'completed';
    this.#ripple();
  }

  fail(task: ModelTask, canBeTriedAgain: boolean): void {
    if (!canBeTriedAgain || task.attempts >= task.maxAttempts) {
      this.end(task, 'failed');
      return;
    }
    task.status = 'scheduled';
    task.runAt = this.now + Math.floor(0.5 * (BACKOFF_MS * 2 ** (task.attempts - 1) + 1));
  }

  interrupt(task: ModelTask): void {
    task.status = 'pending';
    task.attempts -= 1;
  }

  end(task: ModelTask, status: 'failed' | 'cancelled'): void {
    task.status = status;
    this.#ripple();
  }

  /** Null when it is put back; else why not. */
  retry(task: ModelTask): 'conflict' | 'invalid_transition' | null {
    const rival = this.#unfinished(task.unique);
    if (rival !== undefined && rival !== task) return 'conflict';
    if (task.status !== 'failed' && task.status !== 'cancelled') return 'invalid_transition';
    if (this.#isHopeless(task)) return 'conflict';
    task.attempts = 0;
    task.runAt = this.now;
    if (task.deadline !== null && task.deadline <= this.now) task.deadline = null;
    this.#settle(task);
    return null;
  }

  /** Null when it is changed; else why not. */
  change(task: ModelTask, priority: number, runAt: number): 'invalid_transition' | 'invalid_input' | null {
    if (isOver(task) || task.status === 'processing') return 'invalid_transition';
    if (task.deadline !== null && task.deadline <= Math.max(this.now, runAt)) return 'invalid_input';
    task.priority = priority;
    task.runAt = runAt;
    if (task.status !== 'blocked') task.status = runAt > this.now ? 'scheduled' : 'pending';
    return null;
  }

  /** The clock says this; what is too late has failed, and what is due is ready. */
  passTo(now: number): void {
    this.now = now;
    for (const task of this.unfinished()) {
      if (task.deadline !== null && task.deadline <= now && !isOver(task)) this.end(task, 'failed');
    }
    for (const task of this.#in('scheduled')) if (task.runAt <= now) task.status = 'pending';
  }

  /** Where a task waits that does not run. */
  #settle(task: ModelTask): void {
    if (this.#unmet(task) > 0) task.status = 'blocked';
    else task.status = task.runAt > this.now ? 'scheduled' : 'pending';
  }

  /** What blocked tasks come after has moved. */
  #ripple(): void {
    for (let moved = true; moved; ) {
      moved = false;
      for (const task of this.#in('blocked')) {
        if (this.#isHopeless(task)) task.status = 'failed';
        else this.#settle(task);
        moved ||= task.status !== 'blocked';
      }
    }
  }

  #unmet({ after, runsAnyway }: Pick<ModelTask, 'after' | 'runsAnyway'>): number {
    return after.filter((n) => {
      const before = this.tasks[n];
      return before !== undefined && before.status !== 'completed' && !(runsAnyway && isOver(before));
    }).length;
  }

  #isHopeless({ after, runsAnyway }: Pick<ModelTask, 'after' | 'runsAnyway'>): boolean {
    return !runsAnyway && after.some((n) => ['failed', 'cancelled'].includes(this.tasks[n]?.status ?? ''));
  }

  #unfinished(unique: string | null): ModelTask | undefined {
    return unique === null ? undefined : this.tasks.find((task) => task.unique === unique && !isOver(task));
  }

  #in(status: ModelTask['status']): ModelTask[] {
    return this.tasks.filter((task) => task.status === status);
  }
}

export function isOver({ status }: ModelTask): boolean {
  return status === 'completed' || status === 'failed' || status === 'cancelled';
}
