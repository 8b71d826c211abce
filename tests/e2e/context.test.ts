import { expect, it } from 'vitest';
import { z } from 'zod';
import { createClient } from '../../src/interfaces/client/client.js';
import { openHome } from '../support/cli.js';

const NOTES = 60;
const Handed = z.object({
  hookSpecificOutput: z.object({ hookEventName: z.literal('SessionStart'), additionalContext: z.string() }),
});

it('hands the first session after a restart a context that is as full as its budget', async () => {
  await using home = openHome();
  expect(await home.run(['start'])).toMatchObject({ code: 0 });
  await using client = createClient({ home: home.path });
  for (let n = 1; n <= NOTES; n += 1) {
    const text =
      `Number ${String(n)} was broken: the lease of an attempt is renewed before it ends, and not after. `.repeat(3);
    await client.observation.add.mutate({ workspace: home.workspace, text, pinned: n % 20 === 0 });
  }
  expect(await home.run(['restart'])).toMatchObject({ code: 0 });

  const stdin = JSON.stringify({ session_id: 'first', cwd: home.workspace, source: 'startup' });
  const hook = await home.run(['hook', 'session-start'], { stdin });
  const { additionalContext: handed } = Handed.parse(JSON.parse(hook.stdout)).hookSpecificOutput;
  // This one waits until all is counted, so it is what there is room for.
  const whole = z.object({ text: z.string(), tokens: z.int() });
  const context = whole.parse(await home.json(['memory', 'context']));
  expect(handed).toBe(context.text);
  expect(context.tokens).toBeGreaterThan(1_800);
});
