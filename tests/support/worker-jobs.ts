import { writeFileSync } from 'node:fs';
import { DomainError } from '../../src/domain/shared/domain-error.js';
import { createJobRunner } from '../../src/infrastructure/workers/job-runner.js';

/** Jobs that do what a job can do to a worker thread. */
const testJobs = {
  add: ({ a, b }: { a: number; b: number }) => a + b,
  /** Says that it runs by making the file, then never ends by itself. */
  spin: ({ started }: { started: string }): never => {
    writeFileSync(started, '');
    for (;;);
  },
  /** The same, at rest instead of at work. */
  sleep: ({ started }: { started: string }): Promise<never> => {
    writeFileSync(started, '');
    setInterval(() => undefined, 1_000_000);
    return new Promise(() => undefined);
  },
  /** Writes its number down, behind those before it. */
  note: ({ file, n }: { file: string; n: number }) => writeFileSync(file, `${n}\n`, { flag: 'a' }),
  exit: ({ code }: { code: number }) => process.exit(code),
  fail: ({ message }: { message: string }): never => {
    throw Object.assign(new Error(message), { code: 'EXDEV' });
  },
  refuse: ({ message }: { message: string }): never => {
    throw new DomainError('conflict', message);
  },
  failLater: (): void => {
    setImmediate(() => {
      throw new Error('too late');
    });
  },
  eatMemory: (): number => {
    const eaten: number[][] = [];
    for (;;) eaten.push(Array.from({ length: 100_000 }, (_, n) => n + eaten.length));
  },
  giveFunction: () => () => 'no clone of this',
};
export type TestJobs = typeof testJobs;

export const runJob = createJobRunner(testJobs);
