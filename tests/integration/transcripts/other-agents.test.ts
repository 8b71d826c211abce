import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { TranscriptSource } from '../../../src/application/ports/transcripts.js';
import { createReadTranscript } from '../../../src/application/session/read-transcript.js';
import { readTranscript as readFile } from '../../../src/infrastructure/transcripts/read-transcript.js';
import { createHookReceiver } from '../../../src/interfaces/hooks/receive-hook.js';
import {
  CODEX_SESSION,
  CODEX_TURN,
  codexRollout,
  GEMINI_HEAD,
  GEMINI_SESSION,
  geminiChat,
  geminiMessages,
  writtenAt,
} from '../../support/agent-lines.js';
import { openApplication } from '../../support/application.js';
import { temporaryDirectory } from '../../support/storage.js';

const CWD = '/work';
const CALLS = [
  { id: 'c1', command: 'npm test', output: 'bad', code: 1 },
  { id: 'c2', command: 'fix', output: '' },
  { id: 'c3', command: 'npm test', output: 'good' },
];

type Hook = readonly [name: string, body: Readonly<Record<string, unknown>>];

interface Agent {
  readonly source: TranscriptSource;
  readonly session: string;
  readonly file: string;
  readonly text: string;
  readonly hooks: readonly Hook[];
}

const codex: Agent = {
  source: 'codex',
  session: CODEX_SESSION,
  file: 'rollout.jsonl',
  text: codexRollout('Mend it.', CALLS, 'Mended.')
    .map((line) => `${line}\n`)
    .join(''),
  hooks: [
    ['UserPromptSubmit', { prompt: 'Mend it.' }],
    ...CALLS.map(({ id, command, output }): Hook => {
      const told = { tool_name: 'Bash', tool_use_id: id, tool_input: { command }, tool_response: output };
      return ['PostToolUse', told];
    }),
    ['Stop', { last_assistant_message: 'Mended.' }],
  ].map(([name, body]) => [name, { ...(body as object), turn_id: CODEX_TURN }] as Hook),
};

const MESSAGES = geminiMessages('Mend it.', CALLS, 'Mended.');
const gemini: Agent = {
  source: 'gemini',
  session: GEMINI_SESSION,
  file: 'session.jsonl',
  text: geminiChat(MESSAGES)
    .map((line) => `${line}\n`)
    .join(''),
  hooks: [
    ['BeforeAgent', { prompt: 'Mend it.', timestamp: new Date(writtenAt(1) - 20).toISOString() }],
    ...CALLS.map(({ command, output }, n): Hook => {
      const timestamp = new Date(writtenAt(2 + n) + 80).toISOString();
      const told = { tool_name: 'run_shell_command', tool_input: { command }, tool_response: { llmContent: output } };
      return ['AfterTool', { ...told, timestamp }];
    }),
    ['AfterAgent', { prompt_response: 'Mended.', timestamp: new Date(writtenAt(6)).toISOString() }],
  ],
};
/** As versions before 0.50 kept it. */
const whole: Agent = { ...gemini, file: 'session.json', text: JSON.stringify({ ...GEMINI_HEAD, messages: MESSAGES }) };

async function opened({ source, session, file, text, hooks }: Agent) {
  const directory = await temporaryDirectory();
  const backend = openApplication();
  const { app, read, transaction, time } = backend;
  const root = join(directory.path, 'root');
  mkdirSync(root);
  const path = join(root, file);
  const receiver = createHookReceiver();
  const origin = { source, providerSessionId: session, cwd: CWD, transcriptPath: path };
  const started = await app.startSession({ ...origin, continues: false });
  if (started === null) throw new Error('The session was not taken.');
  const sessionId = started.id;
  const reader = createReadTranscript({
    ...{ read, transaction, clock: time.clock },
    ...{ recordPrompt: app.recordPrompt, recordAnswer: app.recordAnswer, recordToolUses: app.recordToolUses },
    transcripts: { read: (request) => readFile({ ...request, roots: [root] }) },
  });
  return {
    ...{ hooks, sessionId, read, transaction },
    write: (length = text.length) => writeFileSync(path, text.slice(0, length)),
    async fill() {
      const found = await app.getSession({ sessionId });
      return reader({ ...found, ...origin }, backend.scope.signal);
    },
    async hook(n: number) {
      const [name, body] = hooks[n] ?? ['', {}];
      const common = { hook_event_name: name, session_id: session, cwd: CWD, transcript_path: path };
      await receiver.receive(app, {
        name,
        source,
        body: { ...common, ...body },
        at: writtenAt(2 + n),
        id: `d${String(n)}`,
      });
    },
    async rows() {
      const { items } = await app.listPrompts({ sessionId, limit: 100 });
      const uses = await read(({ toolUses }) => toolUses.waiting(sessionId, 100));
      return {
        said: items.map(({ who, text: words }) => `${who}: ${words}`).sort(),
        used: uses.map(({ input }) => (JSON.parse(input) as { command: string }).command).sort(),
        // What a hook told of before anything was asked is of no turn.
        isOfOneTurn: new Set([...uses, ...items].flatMap(({ turn }) => turn ?? [])).size === 1,
      };
    },
    async [Symbol.asyncDispose]() {
      await backend[Symbol.asyncDispose]();
      await directory[Symbol.asyncDispose]();
    },
  };
}

const ALL = { said: ['agent: Mended.', 'user: Mend it.'], used: ['fix', 'npm test', 'npm test'], isOfOneTurn: true };

describe.each([
  ['Codex', codex],
  ['Gemini', gemini],
  ['an older Gemini', whole],
])('hooks of %s and its transcript', (_name, agent) => {
  it.each([
    ['all hooks first', () => true],
    ['no hooks at all', () => false],
    ['half of the hooks', (n: number) => n % 2 === 0],
    ['the other half', (n: number) => n % 2 === 1],
  ] as const)('give all rows once: %s, and all once more', async (_what, wanted) => {
    await using it = await opened(agent);
    it.write();
    for (const n of it.hooks.keys()) if (wanted(n)) await it.hook(n);
    await it.fill();
    expect(await it.rows()).toEqual(ALL);
    await it.fill();
    for (const n of it.hooks.keys()) await it.hook(n);
    await it.transaction(async ({ transcripts }) => {
      const known = await transcripts.find(it.sessionId);
      if (known !== undefined) await transcripts.save({ ...known, offset: 0, head: '' });
    });
    await it.fill();
    expect(await it.rows()).toEqual(ALL);
  });

  it('give all rows once while the file grows, in whatever pieces', async () => {
    await using it = await opened(agent);
    for (let length = 0; length < agent.text.length; length += 211) {
      it.write(length);
      await it.fill();
    }
    it.write();
    await it.fill();
    expect(await it.rows()).toEqual(ALL);
  });

  it('tell what failed', async () => {
    await using it = await opened(agent);
    it.write();
    await it.fill();
    const uses = await it.read(({ toolUses }) => toolUses.waiting(it.sessionId, 100));
    expect(uses.map(({ outcome }) => outcome)).toEqual(['failed', 'done', 'done']);
  });
});

it('a chat of another session tells nothing', async () => {
  await using it = await opened({ ...whole, text: JSON.stringify({ sessionId: 'another', messages: MESSAGES }) });
  it.write();
  expect(await it.fill()).toMatchObject({ isEnd: true, recorded: 0 });
});
