import type { Timer } from '../ports/timer.js';

/** Something took longer than it may. */
class DeadlineError extends Error {
  override readonly name = 'DeadlineError';
}

/** Waits for `work`, but no longer than `deadlineMs`: then rejects with a DeadlineError, whatever becomes of the work. */
export async function withinDeadline(
  work: () => void | Promise<void>,
  deadlineMs: number,
  timer: Timer,
): Promise<void> {
  let callOff = () => {};
  const late = new Promise<never>((_resolve, reject) => {
    callOff = timer(deadlineMs, () => {
      reject(new DeadlineError(`It was not done after ${deadlineMs / 1_000} s.`));
    });
  });
  try {
    await Promise.race([(async () => work())(), late]);
  } finally {
    callOff();
  }
}
