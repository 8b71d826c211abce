import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { repositoryName } from '../../../src/domain/workspace/repository-name.js';

describe('the name of a repository', () => {
  it.each([
    'https://github.com/me/project',
    'https://github.com/me/project.git',
    'https://github.com/me/project.git/',
    'https://GitHub.com:443/me/project',
    'https://me:s3cr@t@github.com/me/project.git',
    'https://token@github.com/me/project?x=1#y',
    'http://github.com/me/project',
    'git://github.com/me/project.git',
    'ssh://git@github.com/me/project.git',
    'ssh://git@github.com:22/me/project.git',
    'git+ssh://git@github.com/me/project.git',
    'ssh://git@github.com//me/project/',
    'git@github.com:me/project.git',
    'git@GITHUB.COM:/me/project',
    'github.com:me/project',
    ' git@github.com:me/project.git \n',
  ])('is the same for %j', (remote) => {
    expect(repositoryName(remote)).toBe('github.com/me/project');
  });

  it.each([
    ['https://github.com/Me/Project', 'github.com/Me/Project'],
    ['https://git.example.com:8443/team/sub/project.git', 'git.example.com:8443/team/sub/project'],
    ['ssh://git@git.example.com:2222/project', 'git.example.com:2222/project'],
    ['ssh://git@[::1]:22/srv/project', '[::1]/srv/project'],
    ['[fe80::1]:project', '[fe80::1]/project'],
    ['https://github.com/me/project.github', 'github.com/me/project.github'],
  ])('tells %j apart', (remote, name) => {
    expect(repositoryName(remote)).toBe(name);
  });

  it.each([
    '',
    '/srv/project.git',
    './project',
    '../project',
    'C:\\src\\project',
    'C:/src/project',
    'file:///srv/project.git',
    'ext::sh -c "touch /tmp/x"',
    'https://github.com',
    'https://github.com/',
    'https:///me',
    'git@github.com:',
    'a\u0000b:c',
    `https://github.com/${'x'.repeat(3_000)}`,
  ])('is none for %j', (remote) => {
    expect(repositoryName(remote)).toBeNull();
  });

  it('never holds what may be a password, whatever is given', () => {
    const secret = fc.string({ minLength: 1 }).filter((text) => !/[/\s?#:]/.test(text));
    fc.assert(
      fc.property(secret, (password) => {
        expect(repositoryName(`https://me:${password}SECRET@host.example/a`)).toBe('host.example/a');
      }),
    );
    fc.assert(fc.property(fc.string(), (text) => [null, 'string'].includes(repositoryName(text) && 'string')));
  });
});
