import { describe, expect, it } from 'vitest';
import { Config } from '../../../src/config.js';
import { toolPaths } from '../../../src/domain/tool-use/tool-paths.js';
import { compileExclusion } from '../../../src/infrastructure/redaction/exclusion.js';
import { redactor } from '../../../src/infrastructure/redaction/redactor.js';

const patternsOf = (exclude?: unknown) =>
  Config.parse(exclude === undefined ? {} : { memory: { exclude } }).memory.exclude;

describe('what is excluded from memory', () => {
  it.each([
    '.env',
    './.env',
    'packages/a/.env.local',
    '/work/.ENV',
    'C:\\work\\.env',
    'src/../.env',
    '.envs/production/secrets.txt',
    '~/project/.env',
  ])('is, by default, %s', (path) => {
    expect(compileExclusion(patternsOf())({ toolName: 'Read', paths: ['src/a.ts', path] })).toBe(true);
  });

  it.each(['env', 'src/environment.ts', 'a.env.ts/x', '/work/envs/.gitignore'])('is not, by default, %s', (path) => {
    expect(compileExclusion(patternsOf())({ toolName: 'Read', paths: [path] })).toBe(false);
  });

  it.each([
    ['*.pem', 'certs/deep/a.pem', true],
    ['secrets/', 'secrets', true],
    ['secrets/', '/work/a/secrets/x/y', true],
    ['/work/private', '/work/private/a', true],
    ['/work/private', 'private/a', true],
    ['/work/private', '/elsewhere/private/a', false],
    ['~/.ssh', '/home/me/.ssh/id_ed25519', true],
    ['~/.ssh', '~/.ssh/id_ed25519', true],
  ] as const)('follows %s for %s', (pattern, path, excluded) => {
    expect(compileExclusion([pattern])({ toolName: 'Read', paths: [path], cwd: '/work' })).toBe(excluded);
  });

  it('follows patterns for tools', () => {
    const isExcluded = compileExclusion(patternsOf(['tool:WebFetch', 'tool:mcp__vault__*']));
    expect(
      ['WebFetch', 'webfetch', 'mcp__vault__read', 'WebSearch', 'Read'].map((toolName) =>
        isExcluded({ toolName, paths: [] }),
      ),
    ).toEqual([true, true, true, false, false]);
  });

  it.each([
    'cat .env',
    'bash -c "cat .env"',
    'cat<.env',
    'X=$(cat .env)',
    'curl -d @.env x',
    'docker run --env-file=.env x',
    'git show HEAD:.env',
    'cp .env.example .env',
  ])('is seen in the command %s', (command) => {
    const { read, modified, named } = toolPaths({ name: 'Bash', input: { command } });
    expect(compileExclusion(patternsOf())({ toolName: 'Bash', paths: [...read, ...modified, ...named] })).toBe(true);
  });

  it.each([[['!src/**']], [['']], [['tool:']], [['a'.repeat(2_000)]]])('cannot be said by %j', (exclude) => {
    expect(Config.safeParse({ memory: { exclude } }).success).toBe(false);
  });
});

describe('the redactor', () => {
  it('stands on the rules', () => {
    expect(redactor.redact('A_TOKEN=b')).toBe('A_TOKEN=[redacted:token]');
    expect(redactor.stripPrivate('<private>a').isPrivate).toBe(true);
  });
});
