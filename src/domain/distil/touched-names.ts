import { distinct } from './excerpt.js';

/** Most names that one edit gives, and characters of code that are looked at. */
const MOST_NAMES = 6;
const MOST_READ = 20_000;
/** Lines of one edit that are looked at, and the longest: what is longer is no line of code. */
const MOST_LINES = 500;
const LONGEST_LINE = 300;

/** How languages begin a function, class or other thing with a name. A pattern has the name as its only group. */
const DEFINITIONS: readonly RegExp[] = [
  /\bfunction\s*\*?\s+([A-Za-z_$][\w$]*)\s*[(<]/u,
  /\b(?:class|interface|enum|struct|trait|protocol|union|namespace|module|object|record|actor|mod)\s+([A-Z_a-z]\w*(?:::\w+)*)/u,
  /\bimpl(?:<[^>]{0,80}>)?\s+(?:[\w:<>]+\s+for\s+)?([A-Z]\w*)/u,
  /\b(?:def|fn|fun|func|sub|proc|defp|defmodule|defn|macro_rules!)\s+(?:\([^)]{0,80}\)\s*)?([A-Za-z_][\w.?!]*)/u,
  /^\s*(?:export\s+)?(?:const|let|var)\s+([A-Za-z_$][\w$]*)\s*(?::[^=]{1,120})?=\s*(?:async\s*)?(?:function\b|\(|[A-Za-z_$][\w$]*\s*=>)/u,
  /^\s*export\s+(?:const|let|var|type)\s+([A-Za-z_$][\w$]*)/u,
  /^\s*type\s+([A-Z]\w*)\s*(?:<[^>]{0,80}>)?\s*=/u,
  /^\s*type\s+([A-Z]\w*)\s+(?:struct|interface|func)\b/u,
  /^\s*(?:(?:public|private|protected|internal|static|final|abstract|override|async|virtual|readonly|get|set)\s+){1,5}(?:[\w<>[\],.?]+\s+)?([A-Za-z_$][\w$]*)\s*\(/u,
  /^\s*(?:async\s+)?([a-z_$][\w$]*)\s*\([^;]{0,200}\)\s*(?::\s*[\w<>[\]|, .]+)?\s*\{\s*$/u,
  /^\s*create\s+(?:or\s+replace\s+)?(?:table|view|index|function|trigger)\s+(?:if\s+not\s+exists\s+)?["`]?([\w.]+)/iu,
];

/** Words that look like a function's name at the start of a block. */
const KEYWORDS = new Set(
  'if for while switch catch return else do try with function constructor super new in of from as is and or not'.split(
    ' ',
  ),
);

/** Names that are defined in these lines, in their order. */
export function definedNames(lines: readonly string[]): string[] {
  const names: string[] = [];
  for (const line of lines.slice(0, MOST_LINES)) {
    if (names.length >= MOST_NAMES * 2) break;
    if (line.length > LONGEST_LINE || line.trim() === '') continue;
    for (const pattern of DEFINITIONS) {
      const name = pattern.exec(line)?.[1];
      if (name === undefined || KEYWORDS.has(name) || name.length < 2) continue;
      names.push(name);
      break;
    }
  }
  return distinct(names, MOST_NAMES);
}

/** Names that an edit from one text to another touched: those in lines that differ, else those around them. */
export function touchedNames(before: string, after: string): string[] {
  const old = before.slice(0, MOST_READ).split('\n');
  const next = after.slice(0, MOST_READ).split('\n');
  const [oldLines, nextLines] = [new Set(old), new Set(next)];
  const changed = [...next.filter((line) => !oldLines.has(line)), ...old.filter((line) => !nextLines.has(line))];
  const names = definedNames(changed);
  return names.length > 0 ? names : definedNames(next).slice(0, 2);
}
