import fc from 'fast-check';
import { parse as parseToml } from 'smol-toml';
import { describe, expect, it } from 'vitest';
import { ConfigurationError } from '../../../../src/environment.js';
import { settingsOf } from '../../../../src/interfaces/cli/connect/agent-settings.js';
import { isOurCall } from '../../../../src/interfaces/cli/connect/hook-call.js';
import { removeAt, setAt, valueAt } from '../../../../src/interfaces/cli/connect/json-text.js';
import type { Place } from '../../../../src/interfaces/cli/connect/place.js';

const PLACE: Place = { node: '/usr/bin/node', cw: '/opt/cw/bin/cw.js', home: null };
const ELSEWHERE: Place = { node: '/my tools/node', cw: "/it's/bin/cw.js", home: '/my home/.cw' };

const settings = (agent: Parameters<typeof settingsOf>[0]) => settingsOf(agent, {});
const [claudeHooks, claudeState] = settings('claude');
const [codexHooks, codexConfig] = settings('codex');
const [gemini] = settings('gemini');
const [opencode] = settings('opencode');

const JSON_TEXTS: Readonly<Record<string, string>> = {
  nothing: '',
  'an empty document': '{}\n',
  'one with comments and tabs': '{\n\t// mine\n\t"model": "opus", // the big one\n\t"env": { "A": "1" } /* end */\n}\n',
  'one in a line': '{"model":"opus","list":[1, 2]}',
  'one with a comma too many': '{\n    "model": "opus",\n    "env": {},\n}\n',
  'one with CRLF and a byte order mark': '\uFEFF{\r\n  "model": "opus",\r\n  "unknown": null\r\n}\r\n',
  'one with hooks of its own, in a line':
    '{\n  "hooks": {\n    "PostToolUse": [{ "matcher": "Edit", "hooks": [{ "type": "command", "command": "fmt" }] }],\n' +
    '    "AfterTool": [{"hooks":[]}], // none\n    "Stop": []\n  },\n  "mcpServers": { "other": { "command": "x" } },\n  "mcp": {\n    // none of mine\n  }\n}\n',
};

describe.each([
  ['claude', claudeHooks],
  ['claude (state)', claudeState],
  ['codex (hooks)', codexHooks],
  ['gemini', gemini],
  ['opencode', opencode],
])('JSON settings of %s', (_, file) => {
  it.each(Object.entries(JSON_TEXTS))('are as before once connected and removed: %s', (name, text) => {
    const connected = file?.edit(text, PLACE) ?? '';
    expect(valueAt(connected.replace('\uFEFF', ''), [])).toMatchObject(
      text === '' ? {} : valueAt(text.replace('\uFEFF', ''), ['model']) === undefined ? {} : { model: 'opus' },
    );
    expect(file?.edit(connected, PLACE)).toBe(connected);
    if (text.includes('\r\n')) expect(connected.replaceAll('\r\n', '')).not.toContain('\n');
    const removed = file?.edit(connected, null) ?? '';
    expect(removed).not.toContain('cw.js');
    if (name === 'nothing') expect(removed).toBe('{}\n');
    else if (!name.includes('hooks of its own')) expect(removed).toBe(text);
    else expect(valueAt(removed, ['hooks', 'PostToolUse'])).toEqual(valueAt(text, ['hooks', 'PostToolUse']));
  });

  it('go to another installation and data directory, and back, in the same places', () => {
    const connected = file?.edit(JSON_TEXTS['one with comments and tabs'] ?? '', PLACE) ?? '';
    const moved = file?.edit(connected, ELSEWHERE) ?? '';
    expect(moved).not.toContain('/opt/cw');
    expect(moved).toContain('/my home/.cw');
    expect(file?.edit(moved, ELSEWHERE)).toBe(moved);
    expect(file?.edit(moved, PLACE)).toBe(connected);
  });

  it.each(['{"a": ', '{"a" 1}', '[]', '"text"', '{} {}'])('are refused, and nothing is guessed: %s', (text) => {
    expect(() => file?.edit(text, PLACE)).toThrow(ConfigurationError);
    expect(() => file?.edit(text, null)).toThrow(ConfigurationError);
  });
});

describe('hooks in JSON', () => {
  it('keep those of others, and what the user has added to ours', () => {
    const connected = claudeHooks?.edit(JSON_TEXTS['one with hooks of its own, in a line'] ?? '', PLACE) ?? '';
    expect(connected).toContain('[{ "matcher": "Edit", "hooks": [{ "type": "command", "command": "fmt" }] }');
    expect(valueAt(connected, ['hooks', 'PostToolUse', 1, 'hooks', 0])).toEqual({
      type: 'command',
      command: '/usr/bin/node /opt/cw/bin/cw.js hook post-tool-use --source claude',
      timeout: 5,
    });
    const added = setAt(connected, ['hooks', 'Stop', 0, 'hooks', 0, 'statusMessage'], 'Remembering');
    expect(valueAt(claudeHooks?.edit(added, ELSEWHERE) ?? '', ['hooks', 'Stop', 0, 'hooks', 0])).toEqual({
      type: 'command',
      command: `'/my tools/node' '/it'\\''s/bin/cw.js' hook stop --source claude --home '/my home/.cw'`,
      timeout: 5,
      statusMessage: 'Remembering',
    });
  });

  it.each(['{"hooks": []}', '{"hooks": {"Stop": {}}}'])('must be where the agent looks for them: %s', (text) => {
    expect(() => claudeHooks?.edit(text, PLACE)).toThrow(/is not an? (object|list)/);
  });

  it('are told from those of others by their call alone', () => {
    expect(isOurCall('node /x/bin/cw.js hook stop --source claude')).toBe(true);
    expect(isOurCall("'C:\\n o\\node.exe' 'C:\\cw\\bin\\cw.js' hook stop --source codex --home 'D:\\x y'")).toBe(true);
    expect(isOurCall('node /x/bin/cw.js status')).toBe(false);
    expect(isOurCall('my-hook && echo cw.js hook stop')).toBe(false);
    expect(isOurCall(undefined)).toBe(false);
  });
});

describe('an MCP server of our name that is not ours', () => {
  it.each([
    [claudeState, '{"mcpServers": {"codewalkers": {"command": "mine"}}}'],
    [opencode, '{"mcp": {"codewalkers": {"type": "remote", "url": "http://x"}}}'],
    [codexConfig, '[mcp_servers.codewalkers]\ncommand = "mine"\n'],
  ])('is neither replaced nor removed', (file, text) => {
    expect(() => file?.edit(text, PLACE)).toThrow(/that cw did not write/);
    expect(file?.edit(text, null)).toBe(text);
  });
});

const TOML_TEXTS: readonly string[] = [
  '',
  '# only a comment',
  'model = "gpt"\n\n[projects."/x"]\ntrust_level = "trusted" # yes\n',
  'model = "gpt"\r\n\r\n[mcp_servers.other]\r\ncommand = "x"\r\nargs = [\r\n  "a", # first\r\n]\r\n',
  'note = """\n[mcp_servers.other]\n"""\nat = 2026-01-01T00:00:00Z',
];

describe('TOML settings of codex', () => {
  it.each(TOML_TEXTS)('are as before once connected and removed: %j', (text) => {
    const connected = codexConfig?.edit(text, PLACE) ?? '';
    expect(parseToml(connected)['mcp_servers']).toMatchObject({
      codewalkers: { command: '/usr/bin/node', args: ['/opt/cw/bin/cw.js', 'mcp'] },
    });
    expect(codexConfig?.edit(connected, PLACE)).toBe(connected);
    expect(codexConfig?.edit(connected, null).trimEnd()).toBe(text.trimEnd());
  });

  it('keep what Codex writes behind our table, and what the user adds to it', () => {
    const connected = codexConfig?.edit('model = "gpt"\n', PLACE) ?? '';
    const later = `${connected}startup_timeout_sec = 20\n\n# theirs\n[projects."/x"]\ntrust_level = "trusted"\n`;
    const moved = codexConfig?.edit(later, ELSEWHERE) ?? '';
    expect(parseToml(moved)['mcp_servers']).toMatchObject({
      codewalkers: { command: '/my tools/node', env: { CW_HOME: '/my home/.cw' }, startup_timeout_sec: 20 },
    });
    expect(codexConfig?.edit(moved, PLACE)).toBe(later.replace(/\n\n# theirs/, '\n\n# theirs'));
    expect(codexConfig?.edit(moved, null)).toBe(
      'model = "gpt"\n\n# theirs\n[projects."/x"]\ntrust_level = "trusted"\n',
    );
  });

  it.each(['model = ', '[a]\n[a]\n', 'mcp_servers = 1\n'])('are refused, and nothing is guessed: %j', (text) => {
    expect(() => codexConfig?.edit(text, PLACE)).toThrow(ConfigurationError);
  });

  it('are left alone where our entry is written in a way of its own', () => {
    const inline = 'mcp_servers = { codewalkers = { command = "n", args = ["/old/bin/cw.js", "mcp"] } }\n';
    expect(() => codexConfig?.edit(inline, PLACE)).toThrow(/cannot be changed safely/);
    expect(() => codexConfig?.edit(inline, null)).toThrow(/cannot be changed safely/);
  });
});

describe('an edit of JSON', () => {
  it('changes the value that it names and no other, whatever the document', () => {
    const key = fc.constantFrom('a', 'b', 'c');
    const document = fc.dictionary(key, fc.oneof(fc.integer(), fc.dictionary(key, fc.array(fc.string()))));
    fc.assert(
      fc.property(document, fc.constantFrom<string | number>(0, 1, 2, '\t'), key, key, (value, indent, one, two) => {
        const text = JSON.stringify(value, null, indent);
        const set = setAt(text, ['new', one, -1], 'x');
        expect(JSON.parse(set)).toEqual({ ...value, new: { [one]: ['x'] } });
        expect(removeAt(set, ['new'])).toBe(text);
        const { [two]: _, ...rest } = value;
        expect(JSON.parse(removeAt(text, [two]))).toEqual(rest);
      }),
    );
  });
});
