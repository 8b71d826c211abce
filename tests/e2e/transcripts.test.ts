import { appendFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { homePaths } from '../../src/home/home-paths.js';
import { type CliHome, openHome } from '../support/cli.js';
import { dumpMemory } from '../support/hooks/memory-dump.js';
import { send } from '../support/server-request.js';
import { asked, called, PROVIDER_SESSION, returned, said, transcriptOf } from '../support/transcript-lines.js';

async function opened() {
  const home = openHome();
  const configured = join(home.workspace, 'claude');
  const directory = join(configured, 'projects', '-work');
  mkdirSync(directory, { recursive: true });
  const path = join(directory, `${PROVIDER_SESSION}.jsonl`);
  const lines = transcriptOf(home.workspace, [
    asked('List.', 'turn-1'),
    called('t1', 'ls'),
    returned('t1', 'a', 'turn-1'),
    called('t2', 'cat a'),
    returned('t2', 'b', 'turn-1'),
    said('It is a.'),
  ]);
  return {
    home,
    /** A server that has been heard to be up. */
    async serve() {
      const server = home.start(['serve'], { env: { CLAUDE_CONFIG_DIR: configured } });
      await server.sees(/./);
      return server;
    },
    write: (from: number, to: number) =>
      appendFileSync(
        path,
        lines
          .slice(from, to)
          .map((line) => `${line}\n`)
          .join(''),
      ),
    async hook(name: string, body: object) {
      const common = { session_id: PROVIDER_SESSION, cwd: home.workspace, transcript_path: path, prompt_id: 'turn-1' };
      const answer = await send({
        socketPath: homePaths(home.path).socket,
        method: 'POST',
        path: `/hooks/${name}`,
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ ...common, ...body }),
      });
      expect(answer.status).toBe(200);
    },
    async [Symbol.asyncDispose]() {
      await home[Symbol.asyncDispose]();
    },
  };
}

/** Resolves when so many tool uses are known; each look is a command that the server answers. */
async function used(home: CliHome, wanted: number): Promise<void> {
  for (;;) {
    const sessions = (await home.json(['session', 'list'])) as { items: { id: string }[] };
    const id = sessions.items[0]?.id;
    if (id !== undefined) {
      const shown = JSON.stringify(await home.json(['session', 'show', id]));
      const uses = Number(/"name":"Bash","uses":(\d+)/.exec(shown)?.[1] ?? 0);
      if (uses >= wanted) return;
    }
  }
}

it('a transcript that grows tells what no hook does, also to the next server after one that was killed, once', async () => {
  await using it = await opened();
  const { home } = it;
  const first = await it.serve();
  it.write(0, 1);
  await it.hook('user-prompt-submit', { prompt: 'List.' });
  it.write(1, 3);
  await used(home, 1);
  first.process.kill('SIGKILL');
  await first.ended;
  it.write(3, 6);
  const second = await it.serve();
  await used(home, 2);
  const tool = { tool_name: 'Bash', tool_input: { command: 'ls' }, tool_response: { stdout: 'a', stderr: '' } };
  await it.hook('post-tool-use', { ...tool, tool_use_id: 't1' });
  await it.hook('stop', { last_assistant_message: 'It is a.' });
  second.process.kill('SIGTERM');
  expect(await second.ended).toMatchObject({ code: 0 });
  const { prompts, toolUses } = dumpMemory(join(home.path, 'cw.db'));
  const rows = (found: readonly string[]) => found.map((row) => JSON.parse(row) as Record<string, unknown>);
  expect(rows(prompts)).toMatchObject([
    { who: 'agent', turn: 'turn-1', text: 'It is a.' },
    { who: 'user', turn: 'turn-1', text: 'List.' },
  ]);
  expect(rows(toolUses)).toMatchObject([
    { tool_use_id: 't1', turn: 'turn-1', via: 'transcript', result: 'a' },
    { tool_use_id: 't2', turn: 'turn-1', via: 'transcript', result: 'b' },
  ]);
});
