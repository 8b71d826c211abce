import type { PreparedText } from '../../domain/privacy/prepare-text.js';
import type { PublicText } from '../../domain/privacy/private-parts.js';
import type { PreparedJson } from '../../domain/privacy/redact-json.js';

/**
 * Takes out what must never be stored, logged or sent to a model. Whatever enters the product passes it before the first
 * write. All of it is synchronous, linear, and changes nothing when it is applied a second time.
 */
export interface Redactor {
  /** Without `<private>` parts; `isPrivate` when nothing else was there, so that the turn is not stored at all. */
  stripPrivate(text: string): PublicText;
  /** With secrets replaced by markers such as `[redacted:github-token]`. Private parts stay: see `prepareText`. */
  redact(text: string): string;
  /** What is stored of a text: without private parts and secrets, capped to about `cap` characters, head and tail kept. */
  prepareText(text: string, cap: number): PreparedText;
  /** The same for a parsed JSON value, with at most about `cap` characters of text in all and bounded depth. */
  redactJson(value: unknown, cap: number): PreparedJson;
}
