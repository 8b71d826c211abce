import type { JobTable } from '../../application/ports/workers.js';
import { DomainError, type DomainErrorCode } from '../../domain/shared/domain-error.js';
import { codeOf, messageOf } from '../../domain/shared/thrown.js';

/** One job, as it goes to the thread. */
export interface JobRequest {
  readonly name: string;
  readonly input: unknown;
}

/** What comes back. Errors are taken apart: a clone would lose their class and their code. */
export type JobAnswer =
  | { readonly how: 'done'; readonly output: unknown }
  | { readonly how: 'refused'; readonly code: DomainErrorCode; readonly message: string }
  | {
      readonly how: 'failed';
      readonly message: string;
      readonly code: string | undefined;
      readonly stack: string | undefined;
    };

/** What a worker thread does with each request; the thread's entry exports it under the name `runJob`. */
export function createJobRunner(jobs: JobTable): (request: JobRequest) => Promise<JobAnswer> {
  const table = new Map(Object.entries(jobs));
  return async ({ name, input }) => {
    try {
      const job = table.get(name);
      if (job === undefined) throw new Error(`There is no job "${name}".`);
      // The caller's types have seen to it that this is the input of this job.
      return { how: 'done', output: await job(input as never) };
    } catch (error) {
      if (error instanceof DomainError) return { how: 'refused', code: error.code, message: error.message };
      const stack = error instanceof Error ? error.stack : undefined;
      return { how: 'failed', message: messageOf(error), code: codeOf(error), stack };
    }
  };
}

/** The output, or the error thrown again on this side. */
export function outputOf(answer: JobAnswer): unknown {
  switch (answer.how) {
    case 'done':
      return answer.output;
    case 'refused':
      throw new DomainError(answer.code, answer.message);
    case 'failed': {
      const { message, code, stack } = answer;
      const error = new Error(message);
      if (stack !== undefined) error.stack = stack;
      throw code === undefined ? error : Object.assign(error, { code });
    }
  }
}
