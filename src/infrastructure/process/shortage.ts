import { codeOf } from '../../domain/shared/thrown.js';

/** No descriptor is left, to this process or to the machine. */
const SHORTAGES = ['EMFILE', 'ENFILE'];

/** Whether something failed only because descriptors are short, and may work in a moment. */
export function isShortage(error: unknown): boolean {
  return SHORTAGES.includes(codeOf(error) ?? '');
}
