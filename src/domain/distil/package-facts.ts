import { counted, distinct, excerpt, listed } from './excerpt.js';

/** Most packages that are named with their version. */
const MOST_NAMED = 8;

/** How package managers tell what they installed: a name and a version. */
const INSTALLED: readonly RegExp[] = [
  /^\s*[+├└]─*\s*(@?[\w./-]+)[@ ]v?(\d[\w.+-]*)/gmu,
  /^\+ (@?[\w./-]+)@(\d[\w.+-]*)/gmu,
  /^installed (@?[\w./-]+)@(\d[\w.+-]*)/gmu,
  /^\s*Adding (\S+) v(\d[\w.+-]*)(?: \S+)? to /gmu,
  /^go: (?:added|upgraded|downloading) (\S+) (?:\S+ => )?v(\d[\w.+-]*)/gmu,
  /^\s*Installing (\S+) \(?v?(\d[\w.+-]*)\)?/gmu,
  /^Setting up (\S+?)(?::\w+)? \((\d[\w.:+~-]*)\)/gmu,
  /^\s*- (?:Installing|Upgrading|Locking) (\S+) \(v?(\d[\w.+-]*)/gmu,
  /^ \+ ([\w.-]+)==(\d[\w.+-]*)/gmu,
  /^\+ ([\w.-]+)==(\d[\w.+-]*)/gmu,
];
const PIP = /^Successfully installed (.*)$/mu;

/** Names with versions that the command asks for, or that its output tells of: `zod 4.6.7`. */
export function packagesOf(words: readonly string[], output: string): string[] {
  const told = INSTALLED.flatMap((pattern) =>
    [...output.matchAll(pattern)].map(([, name = '', version = '']) => `${name} ${version}`),
  );
  const pip = PIP.exec(output)?.[1]?.split(' ') ?? [];
  told.push(...pip.map((one) => one.replace(/-(?=\d)/u, ' ')));
  // Names in the words come without a version, or with the one that was asked for.
  const asked = words.slice(2).flatMap((word) => {
    const [, name, version] =
      /^(@?[A-Za-z][\w./-]*?)(?:(?:@|==|:)v?([\^~]?\d[\w.+-]*|latest|next))?$/u.exec(word) ?? [];
    if (name === undefined || /^(?:add|get|install|i|-.*)$/u.test(name)) return [];
    const known = told.find((one) => one.startsWith(`${name} `));
    // Where the output names them, what it does not name is a flag's value.
    if (known === undefined && (told.length > 0 || /\.(?:txt|toml|json|ya?ml|in)$/u.test(name))) return [];
    return [known ?? (version === undefined ? name : `${name} ${version}`)];
  });
  return distinct([...asked, ...told].map((one) => excerpt(one, 80)));
}

/** What an installation says beside names: totals and warnings about holes. */
export function installFacts(packages: readonly string[], output: string): string[] {
  const facts: string[] = [];
  if (packages.length > 0) facts.push(`Packages: ${listed(packages, MOST_NAMED)}.`);
  const added = /\badded (\d+) packages?/u.exec(output)?.[1];
  if (added !== undefined && Number(added) > packages.length)
    facts.push(`Added ${counted(Number(added), 'package')} in all.`);
  const holes = /^(\d+) (?:(?:low|moderate|high|critical) severity )?vulnerabilit(?:y|ies)\b.*$/mu.exec(output);
  if (holes !== null && holes[1] !== '0') facts.push(`It warns: ${excerpt(holes[0], 100)}.`);
  return facts;
}

/** Versions that `--version` printed: `node v22.1.0`. */
export function versionFact(words: readonly string[], output: string): string | null {
  const version = /(?<![\d.])v?\d+\.\d+(?:\.\d+)?[\w.+-]*/u.exec(output)?.[0];
  return version === undefined ? null : `Version of ${excerpt(words[0] ?? '', 40)}: ${version}.`;
}
