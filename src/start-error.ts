/** Why a server did not start: one sentence for the user, and the exit code that contracts.md gives it. */
export class StartError extends Error {
  override readonly name = 'StartError';
  readonly exitCode: 1 | 69 | 75 | 78;

  constructor(exitCode: 1 | 69 | 75 | 78, message: string) {
    super(message);
    this.exitCode = exitCode;
  }
}
