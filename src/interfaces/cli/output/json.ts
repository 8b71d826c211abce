/** Controls that JSON may carry bare, though a terminal acts on them: DEL, C1, and those of the writing direction. */
const BARE = /[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu;

/** A JSON document in one line, harmless on a terminal and the same data for a program. */
export function toJson(value: unknown): string {
  return JSON.stringify(value).replace(
    BARE,
    (control) => `\\u${(control.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`,
  );
}
