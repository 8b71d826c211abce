/** What stands for a secret instead of being one. */
const REFERENCE =
  /^(?:\$|<|\{\{|%[A-Za-z_]|\*{2,}|\.{3}|…|[xX]{3,}$|-+$|process\.env\b|import\.meta\b|os\.environ|os\.getenv|env[.[(]|ENV\[|secrets?\.|var\.|config\.|vault:|op:\/\/|ref\+|arn:aws:secretsmanager|projects\/|REPLACE|your[-_])/i;
const WORDS_OF_LANGUAGES = new Set(
  'null undefined none nil true false yes no on off string number boolean bool int integer long str bytes buffer uint8array any unknown never void object symbol bigint char float double optional required text varchar uuid secretstr await async new function typeof this self return const let var if else not and or in is as'.split(
    ' ',
  ),
);
const IDENTIFIER = /^[A-Za-z_][\w$]*$/;
/** `a.b`, `a?.b`, `a!.b`, `a::b`, with a call, an index or a further operator behind it. */
const EXPRESSION = /^[A-Za-z_][\w$]*(?:(?:\?\.|!?\.|::|->)[A-Za-z_][\w$]*)*(?:[([{!?]|<\w|=>)/;
const MEMBER = /^[A-Za-z_][A-Za-z_$]*\d{0,3}(?:(?:\?\.|!?\.|::|->)[A-Za-z_][A-Za-z_$\d]{0,23})+$/;
const NUMBERED = /^[A-Za-z_$]+\d{1,2}$/;
const STARTS_CODE = /^[([{<=&*|!~>,;)\]}]/;

const LONGEST_WORD = 16;

/** Is this (the inside of quotes, or a bare word) only the place where a secret will stand? */
export function isPlaceholder(value: string): boolean {
  if (value === '' || REFERENCE.test(value)) return true;
  if (value.length <= LONGEST_WORD && WORDS_OF_LANGUAGES.has(value.toLowerCase())) return true;
  // `Bearer ${token}`: what is left without the parts that are filled in says nothing.
  if (!value.includes('{')) return false;
  const rest = value.replace(/[$#]?\{{1,2}[^{}]{0,80}\}{1,2}/g, '');
  return rest !== value && rest.replace(/bearer|basic|token/i, '').replace(/[^A-Za-z0-9]/g, '').length < 6;
}

/** How a bare word is written beside its name. */
export interface Setting {
  /** The name is in capitals, and nothing stands between it, `=` and the value: an environment file. */
  readonly isEnvironment: boolean;
  /** Name and value are all there is on the line: a configuration file, not code. */
  readonly isWholeLine: boolean;
  readonly isPassword: boolean;
}

/** Is a bare word after the name of a secret a secret, and not code such as `token = parse(next)`? */
export function isBareSecret(value: string, { isEnvironment, isWholeLine, isPassword }: Setting): boolean {
  if (isPlaceholder(value)) return false;
  if (isEnvironment) return true;
  if (STARTS_CODE.test(value) || EXPRESSION.test(value)) return false;
  if (/^\d+$/.test(value)) return isPassword ? value.length >= 4 : value.length >= 20;
  if (MEMBER.test(value)) return false;
  if (!IDENTIFIER.test(value)) return value.length >= 4;
  if (/pass|pwd|secret|token|key|cred|auth/i.test(value) && !/\d/.test(value)) return false;
  // `parent2` is a variable unless what stands around it says otherwise.
  if (NUMBERED.test(value)) return isWholeLine || isPassword;
  if (/\d/.test(value)) return value.length >= 6;
  if (value.length >= 20 && looksRandom(value)) return true;
  return isWholeLine && /^[a-z]/.test(value);
}

/** Bounds of a value that is looked at for its looks alone, in characters. */
export const MIN_RANDOM = 24;
export const MAX_RANDOM = 256;
/** Bits per character. Words have under 4, random base64 of these lengths mostly over 4.2. */
const MIN_ENTROPY = 3.9;
/** Of neighbours in random base64, 60 % are of different classes (capital, small, digit); in `camelCaseNames2`, 30 %. */
const MIN_CHANGES = 0.38;
/** `getModeAtIndex2` has one digit; where random text has but one, it changes more often. */
const MIN_CHANGES_ALMOST_WORDS = 0.52;

/** Does a word look like random base64 or base62? Hexadecimal (a commit, a checksum, a UUID) never does. */
export function looksRandom(value: string): boolean {
  if (!/[a-z]/.test(value) || !/[A-Z]/.test(value) || !/\d/.test(value)) return false;
  const counts = new Map<string, number>();
  let changes = 0;
  let last = '';
  for (const character of value) {
    counts.set(character, (counts.get(character) ?? 0) + 1);
    const kind = kindOf(character);
    if (kind !== last) changes += 1;
    last = kind;
  }
  const digits = value.replace(/\D/g, '').length;
  if (changes < value.length * (digits < 2 ? MIN_CHANGES_ALMOST_WORDS : MIN_CHANGES)) return false;
  let entropy = 0;
  for (const count of counts.values()) entropy -= (count / value.length) * Math.log2(count / value.length);
  return entropy >= Math.min(MIN_ENTROPY, Math.log2(value.length) - 0.6);
}

function kindOf(character: string): string {
  if (character >= 'a' && character <= 'z') return 'a';
  if (character >= 'A' && character <= 'Z') return 'A';
  return character >= '0' && character <= '9' ? '0' : '+';
}
