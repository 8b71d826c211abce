/** Words beyond this length are names, hashes or noise: they have no stem. */
const MAX_STEMMED = 32;
/** The stems of recent words: a text repeats its words, and so do all texts of a project. */
const MAX_CACHED = 50_000;

const CONSONANT = '(?:[^aeiouy]|(?<![^aeiou])y|^y)';
const VOWEL = '(?:[aeiou]|(?<=[^aeiou])y)';
const HAS_VOWEL = new RegExp(VOWEL);
/** Ends in consonant, vowel, consonant, the last not w, x or y: `hop`, not `snow`. */
const SHORT_END = new RegExp(`${CONSONANT}${VOWEL}[^aeiouwxy]$`);
const DOUBLE_END = /([^aeiouylsz])\1$/;

const STEP_2 = suffixes({
  ational: 'ate',
  tional: 'tion',
  enci: 'ence',
  anci: 'ance',
  izer: 'ize',
  bli: 'ble',
  alli: 'al',
  entli: 'ent',
  eli: 'e',
  ousli: 'ous',
  ization: 'ize',
  ation: 'ate',
  ator: 'ate',
  alism: 'al',
  iveness: 'ive',
  fulness: 'ful',
  ousness: 'ous',
  aliti: 'al',
  iviti: 'ive',
  biliti: 'ble',
  logi: 'log',
});
const STEP_3 = suffixes({ icate: 'ic', ative: '', alize: 'al', iciti: 'ic', ical: 'ic', ful: '', ness: '' });
const STEP_4 = /^(.+?)(al|ance|ence|er|ic|able|ible|ant|ement|ment|ent|(?<=[st])ion|ou|ism|ate|iti|ous|ive|ize)$/;

const stems = new Map<string, string>();

/** The stem of a lower-case ASCII word by M. F. Porter's algorithm of 1980 with his two later changes. */
export function porterStem(word: string): string {
  if (word.length < 3 || word.length > MAX_STEMMED) return word;
  const known = stems.get(word);
  if (known !== undefined) return known;
  if (stems.size >= MAX_CACHED) stems.clear();
  const stem = computeStem(word);
  stems.set(word, stem);
  return stem;
}

function computeStem(word: string): string {
  let stem = dropInflection(dropPlural(word));
  if (stem.endsWith('y') && HAS_VOWEL.test(stem.slice(0, -1))) stem = `${stem.slice(0, -1)}i`;
  stem = replaceSuffix(replaceSuffix(stem, STEP_2), STEP_3);
  return dropLastE(dropSuffix(stem));
}

function dropPlural(word: string): string {
  if (word.endsWith('sses') || word.endsWith('ies')) return word.slice(0, -2);
  return word.endsWith('s') && !word.endsWith('ss') ? word.slice(0, -1) : word;
}

function dropInflection(word: string): string {
  if (word.endsWith('eed')) return measure(word.slice(0, -3)) > 0 ? word.slice(0, -1) : word;
  const cut = word.endsWith('ed') ? 2 : word.endsWith('ing') ? 3 : 0;
  const stem = word.slice(0, word.length - cut);
  if (cut === 0 || !HAS_VOWEL.test(stem)) return word;
  if (/(?:at|bl|iz)$/.test(stem)) return `${stem}e`;
  if (DOUBLE_END.test(stem)) return stem.slice(0, -1);
  return measure(stem) === 1 && SHORT_END.test(stem) ? `${stem}e` : stem;
}

function replaceSuffix(word: string, rules: readonly (readonly [string, string])[]): string {
  for (const [suffix, replacement] of rules) {
    if (!word.endsWith(suffix)) continue;
    const stem = word.slice(0, -suffix.length);
    return measure(stem) > 0 ? stem + replacement : word;
  }
  return word;
}

function dropSuffix(word: string): string {
  const stem = STEP_4.exec(word)?.[1];
  return stem !== undefined && measure(stem) > 1 ? stem : word;
}

function dropLastE(word: string): string {
  let stem = word;
  if (stem.endsWith('e')) {
    const shorter = stem.slice(0, -1);
    const long = measure(shorter);
    if (long > 1 || (long === 1 && !SHORT_END.test(shorter))) stem = shorter;
  }
  return stem.endsWith('ll') && measure(stem) > 1 ? stem.slice(0, -1) : stem;
}

/** How often a run of vowels is followed by a run of consonants. */
function measure(stem: string): number {
  let count = 0;
  let afterVowel = false;
  for (let place = 0; place < stem.length; place += 1) {
    const vowel = isVowel(stem, place, afterVowel);
    if (afterVowel && !vowel) count += 1;
    afterVowel = vowel;
  }
  return count;
}

function isVowel(word: string, place: number, afterVowel: boolean): boolean {
  const letter = word.charAt(place);
  return letter === 'y' ? place > 0 && !afterVowel : 'aeiou'.includes(letter);
}

/** Longest first: `ization` is tried before `ation`. */
function suffixes(rules: Readonly<Record<string, string>>): readonly (readonly [string, string])[] {
  return Object.entries(rules).sort(([a], [b]) => b.length - a.length);
}
