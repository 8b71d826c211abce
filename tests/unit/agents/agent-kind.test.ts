import { expect, it } from 'vitest';
import { agentKindOf } from '../../../src/domain/agent/agent-kind.js';

it.each([
  ['claude', 'claude'],
  ['/usr/local/bin/codex', 'codex'],
  ['C:\\npm\\gemini.cmd', 'gemini'],
  ['opencode.exe', 'opencode'],
  ['claude-agent-acp', null],
  ['goose', null],
  ['', null],
])('knows %j as %s', (command, kind) => {
  expect(agentKindOf(command)).toBe(kind);
});
