import type { CommandKind } from './action.js';

/** The first rule whose pattern is found in the words of a command, joined by one blank, says what it is for. */
const RULES: readonly (readonly [CommandKind, RegExp])[] = [
  ['version', /^\S+ (?:--version|-V|-version|version)$/u],
  ['version', /^(?:node|python3?|go|java|cargo|rustc|php|ruby) -v$/u],

  ['test', /^(?:npm|pnpm|yarn|bun|deno)(?: run)?(?: -\S+)* (?:test|t|tst)(?:[:\s]|$)/u],
  ['test', /^(?:npm|pnpm|yarn|bun)(?: run)? \S*(?:test|spec|e2e)\b/u],
  [
    'test',
    /^(?:\S*\/)?(?:vitest|jest|mocha|ava|tap|pytest|py\.test|nose2|tox|nox|rspec|phpunit|pest|ctest|playwright|cypress|karma|unittest|nextest|gotestsum|behave)\b/u,
  ],
  [
    'test',
    /^(?:go|cargo|swift|dotnet|mix|rake|zig|flutter|dart|sbt|lein|stack|cabal|rails|composer|nx|turbo)(?: run)? (?:test|nextest|spec)\b/u,
  ],
  ['test', /^node(?: --\S+)* --test\b/u],
  ['test', /^python3? \S*(?:runtests|test_\w+|manage\.py test)/u],
  ['test', /^(?:\.\/)?(?:mvnw?|gradlew?)\b.*\b(?:test|verify|check|integrationTest)\b/u],
  ['test', /^(?:make|just|task)\b.* (?:test|check)\S*/u],

  ['install', /^(?:npm|pnpm)(?: -\S+)* (?:i|install|ci|add|update|up|upgrade|uninstall|remove|rm)\b/u],
  [
    'install',
    /^(?:yarn|bun|deno|cargo|poetry|uv|pdm|rye|mix|composer|dotnet|bundle|gem|flutter|brew|apt|apt-get|dnf|apk|pacman|pipx|conda|mamba|helm)(?: -\S+)* (?:add|install|i|update|upgrade|remove|sync|require|lock|get|deps\.get|-S\w*)\b/u,
  ],
  ['install', /^yarn(?: --\S+)*$/u],
  ['install', /^(?:uv )?pip3? (?:install|uninstall|sync)\b/u],
  ['install', /^go (?:get|install|mod tidy)\b/u],

  [
    'step',
    /^git (?:-\S+ \S+ )*(?:commit|merge|rebase|cherry-pick|revert|checkout|switch|push|pull|tag|reset|stash|clone|init|restore|worktree|bisect|am|apply)\b/u,
  ],
  ['step', /^gh (?:pr|issue|release|repo) (?:create|merge|close|edit|review|comment)\b/u],
  ['quiet', /^git (?:-\S+ \S+ )*(?:status|diff|add|fetch|branch|remote|config|rev-parse|ls-files|stash list|gc)\b/u],
  ['look', /^git (?:-\S+ \S+ )*(?:log|show|blame|grep|describe|reflog|shortlog)\b/u],

  [
    'lint',
    /^(?:npm|pnpm|yarn|bun|deno)(?: run)? (?:\S*(?:lint|typecheck|type-check|tsc|format|fmt|prettier)\S*|check-types)/u,
  ],
  [
    'lint',
    /^(?:\S*\/)?(?:eslint|biome|prettier|ruff|flake8|pylint|black|isort|mypy|pyright|golangci-lint|staticcheck|gofmt|goimports|rubocop|phpstan|psalm|shellcheck|stylelint|oxlint|clippy|ktlint|swiftlint|clang-tidy|clang-format|hadolint|yamllint|markdownlint|actionlint|knip|depcruise)\b/u,
  ],
  [
    'lint',
    /^(?:cargo (?:clippy|fmt|check)|go vet|go fmt|deno (?:lint|check|fmt)|terraform (?:validate|fmt)|dart analyze)\b/u,
  ],
  ['build', /^(?:\S*\/)?tsc\b/u],

  ['build', /^(?:npm|pnpm|yarn|bun)(?: run)? \S*(?:build|compile|bundle|check)\S*/u],
  [
    'build',
    /^(?:go|cargo|swift|dotnet|zig|flutter|docker|docker compose|podman|bazel|next|vite|ng|nx|turbo|mix|sbt|stack|cabal|lein|hugo)(?: run)? (?:build|compile|pack|publish|rustc)\b/u,
  ],
  [
    'build',
    /^(?:\S*\/)?(?:make|cmake|ninja|meson|gcc|g\+\+|clang|clang\+\+|cc|javac|rustc|esbuild|webpack|rollup|tsup|vite|swc|msbuild|xcodebuild|scons|just)\b/u,
  ],
  ['build', /^(?:\.\/)?(?:mvnw?|gradlew?)\b/u],

  ['write', /^(?:sed|perl) (?:-\S+ )*(?:-i|--in-place|-pi)\S*\b/u],
  [
    'write',
    /^(?:tee|mv|cp|rm|mkdir|rmdir|touch|chmod|chown|ln|patch|apply_patch|truncate|install|unzip|git (?:mv|rm))\b/u,
  ],

  [
    'quiet',
    /^(?:cd|pwd|ls|tree|dir|sleep|true|false|:|which|type|where|clear|date|whoami|id|hostname|uname|export|set|unset|exit|wait|kill|pkill|ps|jobs|source|\.|alias|history|tty|stty|reset|test|\[|read|shift|local|return|break|continue|fi|done|do|then|else|if|for|while|case|esac)(?:\s|$)/u,
  ],
  [
    'look',
    /^(?:cat|head|tail|less|more|bat|nl|sed|awk|grep|egrep|fgrep|rg|ag|ack|find|fd|wc|sort|uniq|cut|tr|jq|yq|xxd|hexdump|od|strings|file|stat|du|df|diff|cmp|comm|column|printenv|env|realpath|dirname|basename|xargs|man|tldr|nm|objdump|ldd)(?:\s|$)/u,
  ],
  ['look', /^(?:npm|pnpm|yarn) (?:view|ls|list|outdated|info|why|audit)\b/u],
  ['look', /^(?:pip3?|uv pip) (?:show|list|freeze)\b/u],
  ['look', /^gh (?:pr|issue|run|repo) (?:view|list|diff|checks|status)\b/u],
];

/** Which command of a line tells most about it, from most to least. */
const WEIGHTS: readonly CommandKind[] = [
  'test',
  'step',
  'install',
  'build',
  'lint',
  'run',
  'write',
  'version',
  'look',
  'quiet',
];

/** What a command is for, by its words without quotes. */
export function kindOfCommand(words: readonly string[]): CommandKind {
  const text = words.join(' ');
  return RULES.find(([, pattern]) => pattern.test(text))?.[0] ?? 'run';
}

/** How much a command of this kind tells about its line: the greater, the more. */
export function weightOf(kind: CommandKind, words: readonly string[]): number {
  // Between the steps of a script, `echo` is only a headline.
  if (kind === 'run' && /^(?:echo|printf)$/u.test(words[0] ?? '')) return 0.5;
  return WEIGHTS.length - 1 - WEIGHTS.indexOf(kind);
}
