import type { ProcessEnd, ProgramRequest } from '../../../application/ports/program-runner.js';
import type { Timer } from '../../../application/ports/timer.js';

/** A program that runs. */
interface Running {
  stop(why: 'aborted' | 'timeout'): Promise<unknown>;
  readonly ended: Promise<ProcessEnd>;
}

/**
 * Ends a program when its time is over or it is not wanted any more. Gives its end; by then no timer or listener is left.
 * Rejects when the program could not be ended.
 */
export function withinLimits(
  program: Running,
  { timeoutMs, signal }: Pick<ProgramRequest, 'timeoutMs' | 'signal'>,
  timer: Timer,
): Promise<ProcessEnd> {
  return new Promise((resolve, reject) => {
    const stop = (why: 'aborted' | 'timeout') => void program.stop(why).catch(reject);
    const abort = () => stop('aborted');
    const callOff = timer(timeoutMs, () => stop('timeout'));
    signal.addEventListener('abort', abort, { once: true });
    if (signal.aborted) abort();
    const over = () => {
      callOff();
      signal.removeEventListener('abort', abort);
    };
    program.ended.finally(over).then(resolve, reject);
  });
}
