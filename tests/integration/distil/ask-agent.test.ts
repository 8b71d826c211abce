import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createAskAgent } from '../../../src/application/distil/ask-agent.js';
import { createClearDistiller } from '../../../src/application/distil/clear-distiller.js';
import type { Logger } from '../../../src/application/ports/logger.js';
import type { AgentProfile } from '../../../src/domain/agent/agent-profile.js';
import { createCommandRuntime } from '../../../src/infrastructure/agents/command/command-runtime.js';
import { createAttemptFiles } from '../../../src/infrastructure/filesystem/attempt-files.js';
import { createDistillerPlace } from '../../../src/infrastructure/filesystem/distiller-place.js';
import { createFindProgram } from '../../../src/infrastructure/filesystem/find-program.js';
import { createProcesses } from '../../../src/infrastructure/process/processes.js';
import { createNewId, newRunId } from '../../../src/infrastructure/system/ids.js';
import { timer } from '../../../src/infrastructure/system/timer.js';
import { temporaryDirectory } from '../../support/agents/temporary-directory.js';
import { testAgentPrograms } from '../../support/agents/test-agent-processes.js';
import { appears } from '../../support/appears.js';
import { OWN_ACCOUNTS } from '../../support/application.js';
import { processesWith } from '../../support/cli.js';

const SILENT: Logger = { debug() {}, info() {}, warn() {}, error() {} };
const REQUEST = { system: 'Tell it.', data: '<data>\n{}\n</data>', schema: { type: 'object' }, maxOutputTokens: 1_000 };
/** Starts a process of its own that would outlive it, says that it is there, and waits. */
const HANGS = `
  require('node:child_process').spawn('sleep', ['600'], { detached: true, stdio: 'ignore' }).unref();
  require('node:fs').writeFileSync(process.env.THERE, '');
  setInterval(() => {}, 1000);`;

/** An agent that is this script of Node's, asked once; `runId` marks its processes. */
async function asking(script: string, { timeoutMs = 30_000, command = process.execPath } = {}) {
  const directory = await temporaryDirectory();
  const [root, there] = [join(directory.path, 'distiller'), join(directory.path, 'there')];
  const processes = createProcesses({ environment: {}, timer, graceMs: 300 });
  const { programRunners } = testAgentPrograms(join(root, 'agents'));
  const findProgram = createFindProgram({ path: '/usr/bin:/bin', pathExtensions: undefined });
  const attemptFiles = createAttemptFiles({ runsDirectory: join(root, 'runs') });
  const profile: AgentProfile = {
    name: 'teller',
    protocol: 'command',
    command,
    args: ['-e', script],
    env: { THERE: there },
  };
  const runId = newRunId();
  const place = createDistillerPlace(root);
  const ask = createAskAgent({
    profile: 'teller',
    profiles: {
      defaultName: 'teller',
      get: () => Promise.resolve(profile),
      look: () => Promise.reject(new Error('not looked at')),
      list: () => Promise.resolve([]),
      ...OWN_ACCOUNTS,
    },
    runtimes: { command: createCommandRuntime({ ...processes, programRunners, attemptFiles, findProgram }) },
    newId: createNewId({ clock: Date.now, random: Math.random, lastKey: 0 }),
    newRunId: () => runId,
    clock: Date.now,
    logger: SILENT,
    place,
    timeoutMs,
  });
  return {
    ask: (signal = new AbortController().signal) => ask(REQUEST, signal),
    root,
    there,
    place,
    processes,
    /** How many of its processes run. */
    running: () => processesWith(`CW_RUN_ID=${runId}`).length,
    [Symbol.asyncDispose]: async () => {
      await processes.sweepRuns([runId]);
      await directory[Symbol.asyncDispose]();
    },
  };
}

/** A script that answers this. */
const says = (expression: string) => `
  let prompt = '';
  process.stdin.on('data', (part) => { prompt += part; }).on('end', () => { process.stdout.write(${expression}); });`;

it('gives an agent the question with the shape of the answer, in a place of its own, and takes its JSON', async () => {
  await using it = await asking(says('JSON.stringify({ prompt, cwd: process.cwd() })'));
  const { value, inputTokens, outputTokens } = await it.ask();
  const { prompt, cwd } = value as { prompt: string; cwd: string };
  expect(prompt).toMatch(/^Tell it\.\n[\s\S]*<data>\n\{\}\n<\/data>[\s\S]*JSON schema:\n\{"type":"object"\}\n$/);
  expect(cwd).toBe(join(it.root, 'work'));
  expect(inputTokens).toBe(Math.ceil(prompt.length / 3));
  expect(outputTokens).toBeGreaterThan(prompt.length / 3);
  expect(existsSync(it.root)).toBe(false);
});

it('takes an answer out of a fence, with words around it', async () => {
  await using it = await asking(says(String.raw`'Here it is:\n\n\`\`\`json\n{"a": [1]}\n\`\`\`\nThat is all.\n'`));
  expect(await it.ask()).toMatchObject({ value: { a: [1] } });
});

it('takes what is no JSON for no answer', async () => {
  await using it = await asking(says(`'I would rather not.'`));
  expect(await it.ask()).toMatchObject({ value: undefined, outputTokens: 7 });
});

it.each([
  ['dies', 'process.kill(process.pid, "SIGKILL")', { isFinal: false, mayHaveCost: true, message: /broke off\.$/ }],
  ['fails', 'console.log("secret"); process.exit(3)', { isFinal: false, mayHaveCost: true, message: /with code 3\.$/ }],
])('says in its own words that an agent %s', async (_what, script, { message, ...failure }) => {
  await using it = await asking(script);
  const said = expect.stringMatching(message) as string;
  await expect(it.ask()).rejects.toMatchObject({ name: 'ModelFailure', ...failure, message: said });
  expect(existsSync(it.root)).toBe(false);
});

it('asks for another try later when the program is not there', async () => {
  await using it = await asking('', { command: '/nonexistent/teller' });
  await expect(it.ask()).rejects.toMatchObject({ name: 'ModelFailure', isFinal: false, mayHaveCost: false });
});

it('ends an agent that hangs, with all that it started', async () => {
  await using it = await asking(HANGS, { timeoutMs: 1_500 });
  const message = 'The agent teller did not answer within 1.5 s.';
  await expect(it.ask()).rejects.toMatchObject({ name: 'ModelFailure', message, isFinal: false });
  expect(it.running()).toBe(0);
});

it('ends it when the server stops, and only then lets go', async () => {
  await using it = await asking(HANGS);
  const stop = new AbortController();
  const asked = it.ask(stop.signal);
  asked.catch(() => undefined);
  await appears(it.there);
  const waiting = it.ask(stop.signal);
  waiting.catch(() => undefined);
  const reason = new Error('The server stops.');
  stop.abort(reason);
  await expect(asked).rejects.toBe(reason);
  expect(it.running()).toBe(0);
  await expect(waiting).rejects.toBe(reason);
  expect(existsSync(it.root)).toBe(false);
});

it('is ended by the next server when its own was killed', async () => {
  await using it = await asking(HANGS);
  const stop = new AbortController();
  const asked = it.ask(stop.signal);
  asked.catch(() => undefined);
  await appears(it.there);
  expect(it.running()).toBeGreaterThan(0);
  const { place, processes } = it;
  await createClearDistiller({ distillerPlace: place, sweepRuns: processes.sweepRuns, logger: SILENT })();
  expect(it.running()).toBe(0);
  expect(await place.left()).toBeNull();
  stop.abort(new Error('over'));
  await asked.catch(() => undefined);
});
