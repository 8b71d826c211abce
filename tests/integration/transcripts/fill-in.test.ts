import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createReadTranscript } from '../../../src/application/session/read-transcript.js';
import type { Session } from '../../../src/domain/session/session.js';
import { readTranscript as readFile } from '../../../src/infrastructure/transcripts/read-transcript.js';
import { createHookReceiver } from '../../../src/interfaces/hooks/receive-hook.js';
import { openApplication } from '../../support/application.js';
import { temporaryDirectory } from '../../support/storage.js';
import {
  asked,
  BEGUN,
  called,
  PROVIDER_SESSION,
  returned,
  said,
  transcriptOf,
} from '../../support/transcript-lines.js';

const CWD = '/work';

interface Hook {
  readonly name: string;
  readonly body: Readonly<Record<string, unknown>>;
  /** Which line of the transcript it was sent with. */
  readonly line: number;
}

function session(named: boolean) {
  const turn = (name: string) => (named ? name : undefined);
  const entries = [
    asked('List.', turn('turn-1')),
    called('t1', 'ls'),
    returned('t1', 'a', turn('turn-1')),
    called('t2', 'cat a'),
    returned('t2', 'b', turn('turn-1')),
    said('It is a.'),
    asked('<private>canary</private>', turn('turn-2')),
    called('t3', 'echo canary'),
    returned('t3', 'canary', turn('turn-2')),
    said('canary'),
    asked('Go on.', turn('turn-3')),
    called('t4', 'pwd'),
    returned('t4', '/work', turn('turn-3')),
    said('Done.'),
  ];
  const hook = (line: number, name: string, fields: object, promptId: string): Hook => {
    const common = { session_id: PROVIDER_SESSION, cwd: CWD, transcript_path: '/t.jsonl', ...fields };
    return { name, line, body: named ? { ...common, prompt_id: promptId } : common };
  };
  const tool = (line: number, id: string, command: string, stdout: string, promptId: string) => {
    const fields = {
      tool_name: 'Bash',
      tool_use_id: id,
      tool_input: { command },
      tool_response: { stdout, stderr: '' },
    };
    return hook(line, 'post-tool-use', fields, promptId);
  };
  const hooks = [
    hook(0, 'user-prompt-submit', { prompt: 'List.' }, 'turn-1'),
    tool(2, 't1', 'ls', 'a', 'turn-1'),
    tool(4, 't2', 'cat a', 'b', 'turn-1'),
    hook(5, 'stop', { last_assistant_message: 'It is a.' }, 'turn-1'),
    hook(6, 'user-prompt-submit', { prompt: '<private>canary</private>' }, 'turn-2'),
    tool(8, 't3', 'echo canary', 'canary', 'turn-2'),
    hook(9, 'stop', { last_assistant_message: 'canary' }, 'turn-2'),
    hook(10, 'user-prompt-submit', { prompt: 'Go on.' }, 'turn-3'),
    tool(12, 't4', 'pwd', '/work', 'turn-3'),
    hook(13, 'stop', { last_assistant_message: 'Done.' }, 'turn-3'),
  ];
  return { lines: transcriptOf(CWD, entries), hooks };
}

async function opened({ named = true }: { named?: boolean } = {}) {
  const directory = await temporaryDirectory();
  const backend = openApplication();
  const { app, read, transaction, time } = backend;
  const { clock } = time;
  const { lines, hooks } = session(named);
  mkdirSync(join(directory.path, 'p'));
  const path = join(directory.path, 'p', 's.jsonl');
  const write = (n = lines.length) =>
    writeFileSync(
      path,
      lines
        .slice(0, n)
        .map((line) => `${line}\n`)
        .join(''),
    );
  const receiver = createHookReceiver();
  const start = async () => {
    const origin = { source: 'claude', providerSessionId: PROVIDER_SESSION, cwd: CWD, transcriptPath: path };
    const started = await app.startSession({ ...origin, continues: false });
    if (started === null) throw new Error('The session was not taken.');
    return started;
  };
  const reader = createReadTranscript({
    ...{ read, transaction, clock },
    ...{ recordPrompt: app.recordPrompt, recordAnswer: app.recordAnswer, recordToolUses: app.recordToolUses },
    transcripts: { read: (request) => readFile({ ...request, roots: [directory.path] }) },
  });
  const fill = async ({ id }: Pick<Session, 'id'>) => {
    const found = await app.getSession({ sessionId: id });
    return reader(
      { ...found, source: 'claude', providerSessionId: PROVIDER_SESSION, cwd: CWD, transcriptPath: path },
      backend.scope.signal,
    );
  };
  return {
    ...backend,
    path,
    write,
    start,
    fill,
    async hook(wanted: (n: number) => boolean) {
      for (const [n, { name, body, line }] of hooks.entries()) {
        if (!wanted(n)) continue;
        // A hook is sent a little before, or after, its line is written.
        const at = BEGUN + line * 1_000 + (n % 2 === 0 ? -40 : 40);
        await receiver.receive(app, { name, source: 'claude', body, at, id: `delivery-${String(n)}` });
      }
    },
    async rows({ id: sessionId }: Pick<Session, 'id'>) {
      const { items } = await app.listPrompts({ sessionId, limit: 100 });
      const uses = await read(({ toolUses }) => toolUses.waiting(sessionId, 100));
      const titleOf = new Map(items.map(({ turn, text, who }) => [turn, who === 'agent' ? '' : text]));
      return {
        said: items.map(({ who, text }) => `${who}: ${text}`).sort(),
        used: uses.map((use) => `${use.toolUseId} ${use.input} ${use.result} ${use.outcome}`).sort(),
        turns: uses.map(
          ({ turn }) => items.find((item) => item.turn === turn && item.who === 'user')?.text ?? titleOf.get(turn),
        ),
      };
    },
    async [Symbol.asyncDispose]() {
      await backend[Symbol.asyncDispose]();
      await directory[Symbol.asyncDispose]();
    },
  };
}

const ALL = {
  said: ['agent: Done.', 'agent: It is a.', 'user: ', 'user: Go on.', 'user: List.'],
  used: ['t1 {"command":"ls"} a done', 't2 {"command":"cat a"} b done', 't4 {"command":"pwd"} /work done'],
};

describe.each([{ named: true }, { named: false }])('hooks and a transcript, with turns named: $named,', ({ named }) => {
  it.each([
    ['all hooks first', () => true],
    ['no hooks at all', () => false],
    ['half of the hooks', (n: number) => n % 2 === 0],
    ['the other half', (n: number) => n % 2 === 1],
  ] as const)('give all rows once: %s', async (_what, wanted) => {
    // Hooks that name no turn cannot say that theirs is private when the one of its prompt is lost.
    const sent = (n: number) => wanted(n) || (!named && n === 4);
    await using it = await opened({ named });
    it.write();
    const started = await it.start();
    await it.hook(sent);
    await it.fill(started);
    expect(await it.rows(started)).toMatchObject(ALL);
    await it.fill(started);
    await it.hook(() => true);
    expect(await it.rows(started)).toMatchObject(ALL);
  });

  it('give all rows once when the transcript comes first', async () => {
    await using it = await opened({ named });
    it.write();
    const started = await it.start();
    await it.fill(started);
    await it.hook((n) => n % 2 === 0);
    await it.hook((n) => n % 2 === 1);
    const rows = await it.rows(started);
    expect(rows).toMatchObject(ALL);
    expect(rows.turns).toEqual(['List.', 'List.', 'Go on.']);
  });

  it('give all rows once when they alternate, and where the reading goes on is lost in between', async () => {
    await using it = await opened({ named });
    const started = await it.start();
    for (let n = 1; n <= 14; n += 1) {
      it.write(n);
      await it.hook((hook) => hook === n - 1);
      await it.fill(started);
      if (n % 3 === 0) {
        await it.transaction(async ({ transcripts }) => {
          const known = await transcripts.find(started.id);
          if (known !== undefined) await transcripts.save({ ...known, offset: 0, head: '' });
        });
      }
    }
    expect(await it.rows(started)).toMatchObject(ALL);
  });
});

describe('a transcript', () => {
  it('does not take up a session that has ended', async () => {
    await using it = await opened();
    it.write();
    const started = await it.start();
    await it.app.closeSession({ sessionId: started.id });
    await it.fill(started);
    expect(await it.app.getSession({ sessionId: started.id })).toMatchObject({
      status: 'closed',
      title: 'List.',
      prompts: 3,
    });
    expect(await it.rows(started)).toMatchObject(ALL);
  });

  it('tells nothing of what was said while the session was paused', async () => {
    await using it = await opened();
    const started = await it.start();
    const sessionId = started.id;
    it.write(6);
    await it.app.pauseSession({ sessionId });
    await it.fill(started);
    // Lines 0 to 9 are of the pause, and half of them are read only after it.
    it.time.advance(BEGUN + 9_500 - it.time.clock());
    await it.app.resumeSession({ sessionId });
    it.write();
    await it.fill(started);
    expect(await it.rows(started)).toMatchObject({ said: ['agent: Done.', 'user: Go on.'], used: [ALL.used[2]] });
  });

  it('reaches the end once for a session', async () => {
    await using it = await opened();
    it.write();
    const started = await it.start();
    expect(await it.read(({ transcripts }) => transcripts.unread('claude', null, 10))).toEqual([started.id]);
    await it.app.closeSession({ sessionId: started.id });
    expect(await it.fill(started)).toMatchObject({ isEnd: true, recorded: 3 });
    expect(await it.fill(started)).toMatchObject({ isEnd: true, recorded: 0 });
    expect(await it.read(({ transcripts }) => transcripts.unread('claude', null, 10))).toEqual([]);
  });
});
