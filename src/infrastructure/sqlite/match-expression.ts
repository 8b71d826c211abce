import { pathTerms, type TagName, tag } from '../../domain/memory/index-document.js';
import type { DocumentFilter } from '../../domain/memory/search-request.js';

/** Values of one filter that count; a longer list is no filter but an export. */
const MAX_VALUES = 64;

/** A term as FTS5 takes it: quoted, so that nothing in it is syntax. */
function quoted(term: string): string {
  return `"${term.replaceAll('"', '""')}"`;
}

/** Documents with any of the terms. A tag has an underscore, which no term has, so columns need not be named: that costs. */
export function anyOf(terms: readonly string[]): string {
  return terms.map(quoted).join(' OR ');
}

/** The filter as conditions on tags and files; null where it has none of these. */
export function filterExpression(filter: DocumentFilter): string | null {
  const conditions = [
    tagged('kind', filter.kinds),
    tagged('type', filter.types),
    tagged('workspace', filter.workspaces?.map(String)),
    tagged('session', filter.sessions?.map(String)),
    tagged('who', filter.who),
    tagged('concept', filter.concepts),
    filter.files === undefined ? null : `files : (${filter.files.slice(0, MAX_VALUES).map(path).join(' OR ')})`,
  ].filter((condition) => condition !== null);
  return conditions.length === 0 ? null : conditions.map((condition) => `(${condition})`).join(' AND ');
}

function tagged(name: TagName, values: readonly string[] | undefined): string | null {
  if (values === undefined) return null;
  return `tags : (${values
    .slice(0, MAX_VALUES)
    .map((value) => quoted(tag(name, value)))
    .join(' OR ')})`;
}

/** A path without a segment is asked for as the mark between files, which stands for no file. */
function path(file: string): string {
  return quoted(pathTerms(file).join(' '));
}
