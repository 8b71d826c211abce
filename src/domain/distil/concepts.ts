import type { Action } from './action.js';
import { distinct } from './excerpt.js';

/** Most concepts of one observation. */
const MOST_CONCEPTS = 8;

const LANGUAGES: Readonly<Record<string, string>> = {
  ts: 'typescript',
  tsx: 'typescript',
  mts: 'typescript',
  js: 'javascript',
  jsx: 'javascript',
  mjs: 'javascript',
  cjs: 'javascript',
  py: 'python',
  ipynb: 'python',
  go: 'go',
  rs: 'rust',
  java: 'java',
  kt: 'kotlin',
  rb: 'ruby',
  php: 'php',
  cs: 'c#',
  swift: 'swift',
  c: 'c',
  h: 'c',
  cpp: 'c++',
  cc: 'c++',
  hpp: 'c++',
  ex: 'elixir',
  exs: 'elixir',
  scala: 'scala',
  sql: 'sql',
  sh: 'shell',
  bash: 'shell',
  css: 'css',
  scss: 'css',
  html: 'html',
  vue: 'vue',
  svelte: 'svelte',
  md: 'documentation',
  rst: 'documentation',
  mdx: 'documentation',
  yml: 'configuration',
  yaml: 'configuration',
  toml: 'configuration',
  ini: 'configuration',
  tf: 'terraform',
  proto: 'protobuf',
  graphql: 'graphql',
};

/** What a command is about, by its words. */
const TOPICS: readonly (readonly [string, RegExp])[] = [
  ['testing', /\b(?:test|tests|vitest|jest|mocha|pytest|rspec|phpunit|unittest|playwright|cypress)\b/u],
  ['linting', /\b(?:lint|eslint|biome|ruff|flake8|clippy|prettier|rubocop|golangci-lint)\b/u],
  ['types', /\b(?:tsc|typecheck|mypy|pyright)\b/u],
  ['build', /\b(?:build|make|cmake|webpack|vite|esbuild|gradlew?|mvnw?|compile)\b/u],
  [
    'dependencies',
    /^(?:npm|pnpm|yarn|bun|pip3?|uv|poetry|cargo|go|gem|composer|brew|apt|apt-get) (?:i|install|ci|add|get|update|upgrade|remove|uninstall|sync|require|mod)\b/u,
  ],
  ['git', /^(?:git|gh) /u],
  ['docker', /\b(?:docker|podman)\b/u],
  ['database', /\b(?:psql|sqlite3|mysql|migrate|prisma|alembic)\b/u],
  ['network', /^(?:curl|wget|http) /u],
];

/** What an observation is about: languages, tools and names in the code. */
export function conceptsOf(actions: readonly Action[]): string[] {
  const found: string[] = [];
  for (const action of actions) {
    if (action.kind === 'command') {
      for (const [topic, pattern] of TOPICS) if (pattern.test(action.label)) found.push(topic);
      if (action.report !== null) found.push('testing');
    }
  }
  const files = actions.flatMap((action) =>
    action.kind === 'edit' ? action.files.map(({ path }) => path) : action.kind === 'look' ? action.files : [],
  );
  for (const file of files) {
    const extension = /\.(\w+)$/u.exec(file)?.[1]?.toLowerCase();
    const language = extension === undefined ? undefined : LANGUAGES[extension];
    if (language !== undefined) found.push(language);
    if (isTestFile(file)) found.push('testing');
  }
  const names = actions.flatMap((action) => (action.kind === 'edit' ? action.files.flatMap((file) => file.names) : []));
  return distinct([...distinct(found, MOST_CONCEPTS - 2), ...names], MOST_CONCEPTS);
}

/** Whether a file holds tests, by the conventions of many languages. */
export function isTestFile(path: string): boolean {
  return /(?:^|\/)(?:tests?|__tests__|specs?|e2e)\/|(?:[._-](?:test|spec)s?|Tests?|Spec)\.\w+$|(?:^|\/)test_[^/]*\.py$/u.test(
    path,
  );
}
