import { chmod, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { endOf, openAgentBench } from '../../support/agents/agent-bench.js';

const command = { name: 'tool', protocol: 'command' } as const;

it('puts the prompt in the place of every {prompt}, and no shell looks at it', async () => {
  await using bench = await openAgentBench();
  const agent = await bench.start({
    ...command,
    command: 'printf',
    args: ['[%s]', '{prompt}', '--x={prompt}/{prompt}'],
  });
  const prompt = '$HOME; `id` "$&" \'\n€';
  const end = await endOf(agent.prompt(bench.turn(prompt)));
  expect(end).toMatchObject({ outcome: 'completed', result: { text: `[${prompt}][--x=${prompt}/${prompt}]` } });
});

it('gives the prompt on standard input when no argument has a place for it, however long it is', async () => {
  await using bench = await openAgentBench();
  const agent = await bench.start({ ...command, command: 'sh', args: ['-c', 'cat; echo "$# arguments"'] });
  const prompt = `${'€'.repeat(20_000)} {prompt}`;
  const turn = bench.turn(prompt);
  await endOf(agent.prompt(turn));
  expect(String(await bench.output(turn))).toBe(`${prompt}0 arguments\n`);
});

it('lets a program end that does not read its prompt', async () => {
  await using bench = await openAgentBench();
  const agent = await bench.start({ ...command, command: 'true' });
  expect(await endOf(agent.prompt(bench.turn('x'.repeat(200_000))))).toMatchObject({ outcome: 'completed' });
});

it.each(['no-such-program', './tool', '/nonexistent/tool'])(
  'does not start an agent without its program: %s',
  async (program) => {
    await using bench = await openAgentBench();
    await expect(bench.start({ ...command, command: program })).rejects.toMatchObject({
      name: 'DomainError',
      code: 'unavailable',
      message: expect.stringMatching(/its program .* was not found.*agents\.tool\.command/) as string,
    });
  },
);

it('looks for the program on the PATH that the profile sets', async () => {
  await using bench = await openAgentBench();
  const program = join(bench.workspace, 'mine');
  await writeFile(program, '#!/bin/sh\necho found\n');
  await chmod(program, 0o755);
  const agent = await bench.start({ ...command, command: 'mine', env: { PATH: `${bench.workspace}:/usr/bin:/bin` } });
  expect(await endOf(agent.prompt(bench.turn('')))).toMatchObject({ result: { text: 'found\n' } });
});

it('says what is wrong with a program that cannot be started any more', async () => {
  await using bench = await openAgentBench();
  const program = join(bench.workspace, 'mine');
  const agentOf = async (text: string) => {
    await writeFile(program, text);
    await chmod(program, 0o755);
    return bench.start({ ...command, command: program });
  };
  const removed = await agentOf('#!/bin/sh\n');
  await rm(program);
  expect(await endOf(removed.prompt(bench.turn('')))).toMatchObject({
    error: { code: 'usage', message: expect.stringContaining('is not there') as string },
  });
  const withoutInterpreter = await agentOf('#!/nonexistent\n');
  expect(await endOf(withoutInterpreter.prompt(bench.turn('')))).toMatchObject({
    error: { code: 'usage', message: expect.stringContaining('interpreter') as string },
  });
});
