import { MAX_NAME_LENGTH, MAX_PATH_LENGTH } from '../../domain/session/capture-limits.js';
import { DomainError } from '../../domain/shared/domain-error.js';

/** Latest time that is believed of a payload, in milliseconds: the year 2100. Later is a mistake in units. */
const MAX_TIME = 4_102_444_800_000;
const ABSOLUTE = /^(\/|\\\\|[A-Za-z]:[\\/])/;

/**
 * What an agent's hook was given, read field by field: what is there must be of the right type, what is not known is not
 * looked at. Every method throws `invalid_input` with one sentence that names the field.
 */
export class HookPayload {
  readonly #fields: Readonly<Record<string, unknown>>;

  constructor(fields: Readonly<Record<string, unknown>>) {
    this.#fields = fields;
  }

  /** The field as it is. */
  value(name: string): unknown {
    return Object.hasOwn(this.#fields, name) ? this.#fields[name] : undefined;
  }

  /** A text of any length; null when it is absent, null, or empty. */
  text(name: string): string | null {
    const value = this.value(name);
    if (value === undefined || value === null || value === '') return null;
    if (typeof value !== 'string') throw wrong(name, 'is not a text');
    return value;
  }

  /** A short text, such as an id or the name of a tool. */
  name(name: string): string | null {
    const value = this.text(name);
    if (value !== null && value.length > MAX_NAME_LENGTH) throw wrong(name, `has over ${MAX_NAME_LENGTH} characters`);
    return value;
  }

  neededName(name: string): string {
    const value = this.name(name);
    if (value === null) throw wrong(name, 'is missing');
    return value;
  }

  /** An absolute path; null also for one that is none, such as `~/x`. */
  path(name: string): string | null {
    const value = this.text(name);
    if (value !== null && value.length > MAX_PATH_LENGTH) throw wrong(name, `has over ${MAX_PATH_LENGTH} characters`);
    return value !== null && ABSOLUTE.test(value) ? value : null;
  }

  neededPath(name: string): string {
    const value = this.path(name);
    if (value === null) throw wrong(name, 'is no absolute path');
    return value;
  }

  /** A whole number of milliseconds. */
  duration(name: string): number | null {
    const value = this.value(name);
    if (value === undefined || value === null) return null;
    if (typeof value !== 'number' || !(value >= 0) || value > MAX_TIME) throw wrong(name, 'is no duration');
    return Math.round(value);
  }

  /** A moment, written as ISO 8601; null when it is absent or cannot be read. */
  moment(name: string): number | null {
    const at = Date.parse(this.text(name) ?? '');
    return at >= 0 && at <= MAX_TIME ? at : null;
  }

  isTrue(name: string): boolean {
    return this.value(name) === true;
  }
}

function wrong(field: string, how: string): DomainError {
  return new DomainError('invalid_input', `This hook cannot be read: its ${field} ${how}.`);
}
