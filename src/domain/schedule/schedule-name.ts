/** Longest derived name: what still reads well in a table. */
const MAX_DERIVED = 32;

/** A name from the first words of a prompt, such as `npm-audit`. */
export function nameFrom(prompt: string): string {
  const words = prompt
    .slice(0, MAX_DERIVED * 4)
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '');
  let name = '';
  for (const word of words) {
    const longer = name === '' ? word.slice(0, MAX_DERIVED) : `${name}-${word}`;
    if (longer.length > MAX_DERIVED) break;
    name = longer;
  }
  return name === '' ? 'schedule' : name;
}
