import { chmod, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { createProbeAgent } from '../../../src/application/agent/probe/probe-agent.js';
import { createTrials } from '../../../src/application/agent/trials.js';
import type { AgentProcesses } from '../../../src/application/ports/agent-process.js';
import type { ProfileSettings } from '../../../src/domain/agent/agent-profile.js';
import { createAgentProfiles } from '../../../src/infrastructure/agents/agent-profiles.js';
import { createClaudeRuntime } from '../../../src/infrastructure/agents/claude/claude-runtime.js';
import { createFindProgram } from '../../../src/infrastructure/filesystem/find-program.js';
import { openTemporaryDirectory } from '../../../src/infrastructure/filesystem/temporary-directory.js';
import { createOpenProbeStage } from '../../../src/infrastructure/probe/open-probe-stage.js';
import { createNewId, newRunId } from '../../../src/infrastructure/system/ids.js';
import { stopwatch } from '../../../src/infrastructure/system/stopwatch.js';
import { timer } from '../../../src/infrastructure/system/timer.js';
import { scriptedProgram } from '../../support/agents/scripted-program.js';
import { temporaryDirectory } from '../../support/agents/temporary-directory.js';
import { testAgentProcesses } from '../../support/agents/test-agent-processes.js';
import { processesWith } from '../../support/cli.js';

const PATH = '/usr/bin:/bin';
/** A turn that no good agent needs, on a machine that may be busy; and one for an agent that hangs. In milliseconds. */
const LONG_MS = 40_000;
const SHORT_MS = 1_500;

let scripted: string;
beforeAll(async () => {
  const directory = await temporaryDirectory();
  scripted = await scriptedProgram('claude-with-model', directory.path);
  return () => directory[Symbol.asyncDispose]();
});

interface Machine {
  readonly settings?: Readonly<Record<string, ProfileSettings>>;
  readonly probeTimeoutMs?: number;
}

/** A machine of a user who has a home and secrets, and the scripted Claude Code with these habits. */
async function openBench(habits: object, { settings = {}, probeTimeoutMs = LONG_MS }: Machine = {}) {
  const directory = await temporaryDirectory();
  const [user, claude] = [join(directory.path, 'user'), join(directory.path, 'claude')];
  const words = [process.execPath, scripted, '--habits', JSON.stringify(habits)];
  await writeFile(claude, `#!/bin/sh\nexec ${words.map((word) => `'${word}'`).join(' ')} "$@"\n`);
  await chmod(claude, 0o755);
  const places: string[] = [];
  let onStart = (): void => undefined;
  const started = new Promise<void>((resolve) => {
    onStart = resolve;
  });
  const findProgram = createFindProgram({ path: PATH });
  const openProbeStage = createOpenProbeStage({
    environment: { PATH, HOME: user, XDG_CONFIG_HOME: user, ANTHROPIC_API_KEY: 'secret' },
    openTemporaryDirectory,
    runtimeIn(place, environment) {
      places.push(place);
      const real = testAgentProcesses(join(place, 'agents'), environment);
      const agentProcesses: AgentProcesses = {
        ...real,
        async start(request) {
          const process = await real.start(request);
          onStart();
          return process;
        },
      };
      return createClaudeRuntime({ agentProcesses, findProgram, timer });
    },
  });
  const trials = createTrials();
  const probe = createProbeAgent({
    profiles: createAgentProfiles({
      defaultName: 'claude',
      settings: {
        claude: { protocol: 'claude', command: claude, env: { SECRET: '1' }, passEnv: ['ANTHROPIC_API_KEY'] },
        ...settings,
      },
      runnable: new Set(['claude', 'acp', 'mcp', 'shell', 'command']),
      findProgram,
      programVersion: () => Promise.resolve('1.0.0'),
    }),
    newId: createNewId({ clock: Date.now, random: Math.random, lastKey: 0 }),
    ...{ newRunId, openProbeStage, stopwatch, trials, probeTimeoutMs },
  });
  return {
    trials,
    /** Resolves when an agent's program runs. */
    started,
    probe: (profile = 'claude') => probe({ profile }),
    /** What is left: directories of probes, and processes with one in their environment. */
    async left() {
      const kept = await Promise.all(places.map((place) => readdir(place).catch(() => [])));
      return [...kept.flat(), ...places.flatMap((place) => processesWith(`HOME=${join(place, 'home')}`))];
    },
    /** Files in the user's home. */
    touched: () => readdir(user).catch(() => []),
    [Symbol.asyncDispose]: () => directory[Symbol.asyncDispose](),
  };
}

it('finds nothing in an agent that speaks as was recorded, and leaves nothing anywhere', async () => {
  await using bench = await openBench({});
  expect(await bench.probe()).toMatchObject({
    ...{ profile: 'claude', outcome: 'ok', version: '9.9.9', recorded: '2.1.328', differences: [] },
    ...{ message: 'It speaks as was recorded with version 2.1.328.', receipt: { left: 0 } },
  });
  expect(await bench.left()).toEqual([]);
  expect(await bench.touched()).toEqual([]);
});

it('says in what a changed version differs', async () => {
  await using bench = await openBench({ changed: true });
  const probe = await bench.probe();
  expect(probe).toMatchObject({ outcome: 'changed', version: '9.9.9' });
  expect(probe.differences).toEqual([
    'No tool_result came, after permission.',
    'A message that Codewalkers does not know came: mood.',
    'It does not tell what came of its tool use.',
    'It does not tell how many tokens it used.',
  ]);
  expect(await bench.left()).toEqual([]);
});

it('ends one that hangs, at its time', async () => {
  await using bench = await openBench({ hangs: true }, { probeTimeoutMs: SHORT_MS });
  const probe = await bench.probe();
  expect(probe).toMatchObject({ outcome: 'changed', receipt: { left: 0 } });
  expect(probe.differences[0]).toMatch(/^The turn failed: .*1\.5 s/);
  expect(probe.differences).toContain('It did not ask its model.');
  expect(await bench.left()).toEqual([]);
});

it('tells of one that does not start', async () => {
  await using bench = await openBench({ broken: true });
  const probe = await bench.probe();
  expect(probe).toMatchObject({ outcome: 'changed', version: '1.0.0' });
  expect(probe.differences[0]).toContain('its heart is broken');
});

it('ends with the server', async () => {
  await using bench = await openBench({ hangs: true });
  const probe = bench.probe();
  await bench.started;
  const [closed, broken] = await Promise.all([bench.trials.close(), probe]);
  expect(closed).toBeUndefined();
  expect(broken.differences[0]).toBe('The turn was broken off.');
  expect(await bench.left()).toEqual([]);
  await expect(bench.probe()).rejects.toMatchObject({ code: 'unavailable' });
});

it('says of what it cannot probe why not', async () => {
  const acp = { protocol: 'acp', command: process.execPath } as const;
  const oracle = { protocol: 'mcp', command: process.execPath, tool: 'ask', promptArgument: 'it' } as const;
  const missing = { protocol: 'claude', command: 'no-such-program' } as const;
  await using bench = await openBench({}, { settings: { acp, oracle, missing } });
  const node = JSON.stringify(process.execPath);
  const reasons = {
    acp: `There is no recipe for ${node}: it is not known how it is told where its model is.`,
    oracle: 'An agent of the protocol mcp has no model that it could be probed with.',
    shell: 'An agent of the protocol shell has no model that it could be probed with.',
  };
  for (const [profile, message] of Object.entries(reasons)) {
    expect(await bench.probe(profile)).toMatchObject({ outcome: 'not_run', message, differences: [], receipt: null });
  }
  expect((await bench.probe('missing')).message).toContain('cannot run');
  await expect(bench.probe('nobody')).rejects.toMatchObject({ code: 'invalid_input' });
});
