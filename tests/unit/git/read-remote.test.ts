import { expect, it } from 'vitest';
import { remoteUrls } from '../../../src/infrastructure/git/read-remote.js';

it('reads the remotes of a config as git writes them, and as people do', () => {
  const config = [
    '[core]',
    '\turl = not-a-remote',
    '[remote "origin"]',
    '\tfetch = +refs/heads/*:refs/remotes/origin/*',
    '\tURL = https://one.example/a # a comment',
    '\turl = https://second.example/a',
    '[Remote "with \\"quotes\\" and \\\\"] ; and more',
    '  url="https://two.example/a#b"',
    '[remote "split"]',
    '\turl = https://three.\\',
    'example/a',
    '[branch "main"]',
    '\turl = no',
    '[remote]',
    '\turl = no',
    '[remote "broken',
    '\turl = no',
  ];
  expect([...remoteUrls(config.join('\r\n'))]).toEqual([
    ['origin', 'https://one.example/a'],
    ['with "quotes" and \\', 'https://two.example/a#b'],
    ['split', 'https://three.example/a'],
  ]);
});
