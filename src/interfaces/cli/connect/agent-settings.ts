import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';
import type { Variables } from '../../../environment.js';
import { hookCall } from './hook-call.js';
import { type EntryShape, removeEntry, setEntry } from './json-entry.js';
import { setHooks } from './json-hooks.js';
import { editJson } from './json-text.js';
import { mcpWords } from './mcp-entry.js';
import type { Place } from './place.js';
import { removeTomlEntry, setTomlEntry } from './toml-entry.js';

/** The agents that `cw connect` knows. */
export const CONNECTABLE = ['claude', 'codex', 'gemini', 'opencode'] as const;
export type Connectable = (typeof CONNECTABLE)[number];

/** A file of an agent's settings, and what connecting does to its text. A place of null takes away what is ours. */
export interface AgentFile {
  readonly path: string;
  readonly edit: (text: string, place: Place | null) => string;
}

/** The user's own settings of each agent, where that agent looks for them. */
export function settingsOf(agent: Connectable, variables: Variables): AgentFile[] {
  switch (agent) {
    case 'claude':
      return claude(variables);
    case 'codex':
      return codex(variables);
    case 'gemini':
      return gemini(variables);
    case 'opencode':
      return [opencode(variables)];
  }
}

/** What the user has to know beside what was written; null for nothing. */
export const ADVICE: Readonly<Record<Connectable, string | null>> = {
  claude: null,
  codex: 'Codex runs hooks that are new or changed only after you have trusted them: type /hooks in it.',
  gemini: null,
  opencode: 'opencode has no hooks in its settings: its agents can ask for memory, and its sessions are not recorded.',
};

/** Longest time that an agent is to wait for a hook, in seconds: it ends by itself within one, on a busy machine later. */
const HOOK_TIMEOUT_S = 5;

const CLAUDE_EVENTS = {
  SessionStart: 'session-start',
  UserPromptSubmit: 'user-prompt-submit',
  PostToolUse: 'post-tool-use',
  PostToolUseFailure: 'post-tool-use-failure',
  Stop: 'stop',
  StopFailure: 'stop-failure',
  SessionEnd: 'session-end',
};
const CODEX_EVENTS = {
  SessionStart: 'session-start',
  UserPromptSubmit: 'user-prompt-submit',
  PostToolUse: 'post-tool-use',
  Stop: 'stop',
  SessionEnd: 'session-end',
};
const GEMINI_EVENTS = {
  SessionStart: 'session-start',
  BeforeAgent: 'user-prompt-submit',
  AfterTool: 'post-tool-use',
  AfterAgent: 'stop',
  SessionEnd: 'session-end',
};

const MCP_SERVERS: EntryShape = { servers: 'mcpServers', variables: 'env' };

function claude({ CLAUDE_CONFIG_DIR }: Variables): AgentFile[] {
  const named = pathIn(CLAUDE_CONFIG_DIR);
  const settings = join(named ?? join(homedir(), '.claude'), 'settings.json');
  // MCP servers of the user stand in its state file: with a directory that is named in there, else beside it.
  const state = join(named ?? homedir(), '.claude.json');
  return [
    hooksFile(settings, 'claude', CLAUDE_EVENTS, { timeout: HOOK_TIMEOUT_S }),
    {
      path: state,
      edit: (text, place) => editJson(text, state, (json) => entry(json, state, place, { type: 'stdio' })),
    },
  ];
}

function codex({ CODEX_HOME }: Variables): AgentFile[] {
  const directory = pathIn(CODEX_HOME) ?? join(homedir(), '.codex');
  const config = join(directory, 'config.toml');
  return [
    hooksFile(join(directory, 'hooks.json'), 'codex', CODEX_EVENTS, { timeout: HOOK_TIMEOUT_S }),
    {
      path: config,
      edit: (text, place) =>
        place === null ? removeTomlEntry(text, config) : setTomlEntry(text, config, mcpWords(place), place.home),
    },
  ];
}

function gemini({ GEMINI_CLI_HOME }: Variables): AgentFile[] {
  const path = join(pathIn(GEMINI_CLI_HOME) ?? homedir(), '.gemini', 'settings.json');
  // Gemini counts in milliseconds, and shows the name while a hook runs.
  const hooks = hooksFile(path, 'gemini', GEMINI_EVENTS, { timeout: HOOK_TIMEOUT_S * 1_000, name: 'codewalkers' });
  return [
    {
      path,
      edit: (text, place) => editJson(hooks.edit(text, place), path, (json) => entry(json, path, place, {})),
    },
  ];
}

function opencode({ OPENCODE_CONFIG, XDG_CONFIG_HOME }: Variables): AgentFile {
  const directory = join(pathIn(XDG_CONFIG_HOME) ?? join(homedir(), '.config'), 'opencode');
  const usual = join(directory, 'opencode.json');
  const there = [join(directory, 'opencode.jsonc'), usual, join(directory, 'config.json')].find((path) =>
    existsSync(path),
  );
  const path = pathIn(OPENCODE_CONFIG) ?? there ?? usual;
  const shape = { servers: 'mcp', variables: 'environment' };
  return {
    path,
    edit: (text, place) =>
      editJson(text, path, (json) => {
        if (place === null) return removeEntry(json, shape);
        return setEntry(json, path, shape, { type: 'local', command: mcpWords(place), enabled: true }, place.home);
      }),
  };
}

function hooksFile(
  path: string,
  source: string,
  events: Readonly<Record<string, string>>,
  more: Readonly<Record<string, unknown>>,
): AgentFile {
  const handlers = (place: Place) =>
    Object.fromEntries(
      Object.entries(events).map(([own, event]) => [
        own,
        { type: 'command', command: hookCall(place, event, source), ...more },
      ]),
    );
  return {
    path,
    edit: (text, place) => editJson(text, path, (json) => setHooks(json, path, place === null ? {} : handlers(place))),
  };
}

function entry(text: string, file: string, place: Place | null, more: Readonly<Record<string, unknown>>): string {
  if (place === null) return removeEntry(text, MCP_SERVERS);
  const [command, ...args] = mcpWords(place);
  return setEntry(text, file, MCP_SERVERS, { ...more, command, args }, place.home);
}

function pathIn(variable: string | undefined): string | undefined {
  if (variable === undefined || variable === '') return undefined;
  return isAbsolute(variable) ? variable : resolve(variable);
}
