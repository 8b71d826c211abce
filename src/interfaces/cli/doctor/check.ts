/** What one look found. `advice` says what to do about it. */
export interface Check {
  readonly name: string;
  readonly status: 'ok' | 'warn' | 'fail';
  readonly message: string;
  readonly advice: string | null;
}

export function ok(name: string, message: string): Check {
  return { name, status: 'ok', message, advice: null };
}

/** Something that will not hinder today. */
export function warn(name: string, message: string, advice: string): Check {
  return { name, status: 'warn', message, advice };
}

/** Something that must be put right. */
export function fail(name: string, message: string, advice: string): Check {
  return { name, status: 'fail', message, advice };
}
