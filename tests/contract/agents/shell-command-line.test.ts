import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { endOf, openAgentBench } from '../../support/agents/agent-bench.js';

const shell = { name: 'shell', protocol: 'shell' } as const;

it('does not try a command again that is not there', async () => {
  await using bench = await openAgentBench();
  const end = await endOf((await bench.start(shell)).prompt(bench.turn('no-such-command --now')));
  expect(end).toMatchObject({
    outcome: 'failed',
    exitCode: 127,
    error: {
      code: 'usage',
      message: expect.stringMatching(/^Exited with code 127\. .*no-such-command: not found$/) as string,
    },
  });
});

it('does not try a file again that is not executable', async () => {
  await using bench = await openAgentBench();
  await writeFile(join(bench.workspace, 'data'), '');
  const end = await endOf((await bench.start(shell)).prompt(bench.turn('./data')));
  expect(end).toMatchObject({ outcome: 'failed', exitCode: 126, error: { code: 'usage' } });
});

it('takes a command line as it is, also one that begins with a dash', async () => {
  await using bench = await openAgentBench();
  const agent = await bench.start(shell);
  expect(await endOf(agent.prompt(bench.turn('-c || echo "$((1 + 1))" | cat')))).toMatchObject({
    outcome: 'completed',
    result: { text: expect.stringMatching(/2\n$/) as string },
  });
});
