import type { ProgramRequest, ProgramStart } from '../../application/ports/program-runner.js';
import { codeOf, messageOf } from '../../domain/shared/thrown.js';

/** What the machine lacks now and may have later. */
const SHORTAGES = new Set(['EAGAIN', 'EMFILE', 'ENFILE', 'ENOMEM', 'ENOSPC', 'EDQUOT']);

/** What of a request a sentence may name. */
type Named = Pick<ProgramRequest, 'program' | 'cwd' | 'outputFile'>;

/** The outcome of a start that failed: what was wrong, in one sentence, and whether it may pass. */
export function notStarted(request: Named, error: unknown): Extract<ProgramStart, { started: false }> {
  const cause = describe(error);
  return { started: false, problem: sentence(request, cause), temporary: SHORTAGES.has(cause.code) };
}

function sentence({ program, cwd, outputFile }: Named, { code, path, detail }: Cause): string {
  if (path === cwd && (code === 'ENOENT' || code === 'ENOTDIR')) return `The workspace ${cwd} is not there any more.`;
  if (path === cwd) return `The workspace ${cwd} cannot be entered (${detail}).`;
  if (path === outputFile) return `The output file ${outputFile} cannot be written (${detail}).`;
  switch (code) {
    case 'ENOENT':
      return `${program} cannot be started: the file, or the interpreter that its first line names, is not there.`;
    case 'EACCES':
      return `${program} cannot be started: it is not executable by this user, or ${cwd} cannot be entered.`;
    case 'E2BIG':
      return `${program} cannot be started: the prompt is too long for a command line. Put it into a file and name the file.`;
    case 'ERR_INVALID_ARG_VALUE':
      return `${program} cannot be started: the prompt, an argument or a variable holds a NUL character.`;
    default:
      if (SHORTAGES.has(code))
        return `${program} cannot be started now: the machine has too little left for it (${code}).`;
      return `${program} cannot be started (${detail}).`;
  }
}

interface Cause {
  readonly code: string;
  readonly path: string;
  readonly detail: string;
}

/** The system's code and path of an error. */
function describe(error: unknown): Cause {
  const code = codeOf(error);
  const path = error instanceof Error && 'path' in error && typeof error.path === 'string' ? error.path : '';
  return { code: code ?? '', path, detail: code ?? messageOf(error) };
}
