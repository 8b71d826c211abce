/**
 * Everything that a terminal acts on instead of showing: C0, DEL and C1 controls, line and paragraph separators, and
 * what changes the direction of writing (so that text cannot pose as other text).
 */
const CONTROLS = new RegExp(
  `[${['\\u0000-\\u001f\\u007f-\\u009f', '\\u2028\\u2029', '\\u061c\\u200e\\u200f\\u202a-\\u202e\\u2066-\\u2069'].join('')}]`,
  'gu',
);

const SHORT: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** Makes text from outside harmless in one line: each control is shown as an escape such as `\x1b`. */
export function escapeControls(text: string): string {
  return text.replace(CONTROLS, escapeOne);
}

/** As escapeControls, but line breaks and tabs stay, for text that is shown over many lines. */
export function escapeLines(text: string): string {
  return text.replace(CONTROLS, (control) => (control === '\n' || control === '\t' ? control : escapeOne(control)));
}

/** Puts text from outside into one line for a table: white space runs together, other controls are escaped. */
export function toOneLine(text: string): string {
  return escapeControls(text.replace(/\s+/gu, ' ').trim());
}

function escapeOne(control: string): string {
  const short = SHORT[control];
  if (short !== undefined) return short;
  const code = control.codePointAt(0) ?? 0;
  return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u${code.toString(16).padStart(4, '0')}`;
}
