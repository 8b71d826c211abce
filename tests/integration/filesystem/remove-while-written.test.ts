import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createDistillerPlace } from '../../../src/infrastructure/filesystem/distiller-place.js';
import { createAgentFiles } from '../../../src/infrastructure/process/agent/agent-files.js';
import { temporaryDirectory } from '../../support/agents/temporary-directory.js';

/** More than one look into a directory and its removal last, and over long before the last try. */
const NOTES = 50;

const agentFiles = (root: string) => createAgentFiles({ directory: join(root, 'agents') });

/*
 * A supervisor whose program was ended by somebody else writes down how it ended, and knows nothing of who removes its
 * directory meanwhile.
 */
it.each([
  ['the place of a distiller', 'distiller', (root: string) => createDistillerPlace(join(root, 'distiller')).clear()],
  ['the files of an agent', 'agents', (root: string) => agentFiles(root).remove('agent_1')],
  ['the files of all agents', 'agents', (root: string) => agentFiles(root).clear(new Set())],
])('%s is removed while a supervisor still writes in it', async (_what, name, remove) => {
  await using root = await temporaryDirectory();
  const agent = join(root.path, name, 'agent_1');
  await mkdir(agent, { recursive: true });
  const removed = remove(root.path);
  for (let note = 0; note < NOTES; note += 1) {
    // Fails once the directory is gone, which a supervisor bears as well.
    await writeFile(join(agent, `${String(note)}.end.json`), '{}').catch(() => undefined);
  }
  await removed;
  expect(existsSync(agent)).toBe(false);
});
