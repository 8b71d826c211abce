/** A tool's input as it is kept: JSON, of which the middle may be missing. */
export interface ToolInput {
  /** The first of these fields that is a text. */
  text(...names: string[]): string | undefined;
  /** The first of these fields that is a list, or a text as a list of one. */
  texts(...names: string[]): string[];
  /** The first of these fields that is a list of objects. */
  objects(...names: string[]): Record<string, unknown>[];
}

/** Longest text looked for in a JSON document that was cut, in characters. */
const MOST_SALVAGED = 20_000;

/** Reads an input; what is no JSON object, or was cut, still gives the fields that can be found in it. */
export function readToolInput(json: string): ToolInput {
  const fields = objectOf(json);
  if (fields === undefined) return salvaged(json);
  const first = <T>(names: readonly string[], accept: (value: unknown) => T | undefined): T | undefined => {
    for (const name of names) {
      const value = accept(fields[name]);
      if (value !== undefined) return value;
    }
    return undefined;
  };
  return {
    text: (...names) => first(names, (value) => (typeof value === 'string' ? value : undefined)),
    texts: (...names) => first(names, textsOf) ?? [],
    objects: (...names) => first(names, objectsOf) ?? [],
  };
}

/** The JSON object of a text; undefined if it is none. */
export function objectOf(json: string): Record<string, unknown> | undefined {
  if (!/^\s*\{/u.test(json)) return undefined;
  try {
    const value: unknown = JSON.parse(json);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function textsOf(value: unknown): string[] | undefined {
  if (typeof value === 'string') return [value];
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : undefined;
}

function objectsOf(value: unknown): Record<string, unknown>[] | undefined {
  return Array.isArray(value) ? value.filter(isObject) : undefined;
}

/** Finds `"name": "text"` in a document that does not parse. The text may lack its end. */
function salvaged(json: string): ToolInput {
  const text = (...names: string[]): string | undefined => {
    for (const name of names) {
      const at = json.search(new RegExp(`"${name}"\\s{0,9}:\\s{0,9}"`, 'u'));
      if (at < 0) continue;
      const start = json.indexOf('"', json.indexOf(':', at)) + 1;
      return unescaped(json.slice(start, start + MOST_SALVAGED));
    }
    return undefined;
  };
  return {
    text,
    texts: (...names) => [text(...names)].filter((one) => one !== undefined),
    objects: () => [],
  };
}

function unescaped(rest: string): string {
  const end = /(?<!\\)(?:\\\\)*"/u.exec(rest);
  const raw = end === null ? rest.replace(/\\u?[0-9a-f]{0,3}$/iu, '') : rest.slice(0, end.index + end[0].length - 1);
  try {
    return JSON.parse(`"${raw.replaceAll('\n', '\\n')}"`) as string;
  } catch {
    return raw;
  }
}
