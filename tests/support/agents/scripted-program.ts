import { readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { transform } from 'esbuild';

/** Writes a program of tests/support/agents/scripted as JavaScript into this directory, and says where it is. */
export async function scriptedProgram(name: string, directory: string): Promise<string> {
  const source = await readFile(resolve('tests/support/agents/scripted', `${name}.ts`), 'utf8');
  const { code } = await transform(source, { loader: 'ts', format: 'esm', target: 'node20' });
  const program = join(directory, `${name}.mjs`);
  await writeFile(program, code);
  return program;
}
