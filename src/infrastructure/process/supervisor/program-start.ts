import type { ProgramRequest } from '../../../application/ports/program-runner.js';
import type { ProgramStart } from './protocol.js';

/** A program as a supervisor starts it: both its outputs are one file, in the order in which they were written. */
export function programStart(
  { program, args, cwd, inputFile, outputFile: output }: Omit<ProgramRequest, 'name' | 'resume'>,
  rest: Pick<ProgramStart, 'name' | 'once' | 'env' | 'maxOutputBytes'>,
): ProgramStart {
  const input = inputFile === null ? ({ from: 'nothing' } as const) : ({ from: 'file', path: inputFile } as const);
  return { ...rest, program, args, cwd, input, output, errors: output };
}
