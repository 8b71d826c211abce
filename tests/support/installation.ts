import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** A copy of the built package that calls itself another version. */
export interface Installation extends Disposable {
  /** Its `bin/cw.js`. */
  readonly program: string;
  /** Its `dist/main.js`, the server. */
  readonly main: string;
  /** Becomes another version, as an upgrade in the same place does. */
  become(version: string): void;
}

/** Installs the built package a second time, as this version. */
export function openInstallation(version: string): Installation {
  const root = mkdtempSync(join(tmpdir(), 'cw-installed-'));
  mkdirSync(join(root, 'bin'));
  for (const part of ['bin/cw.js', 'dist', 'migrations'])
    cpSync(join(ROOT, part), join(root, part), { recursive: true });
  symlinkSync(join(ROOT, 'node_modules'), join(root, 'node_modules'));
  const become = (next: string) => {
    const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as object;
    writeFileSync(join(root, 'package.json'), JSON.stringify({ ...manifest, version: next }));
  };
  become(version);
  return {
    program: join(root, 'bin', 'cw.js'),
    main: join(root, 'dist', 'main.js'),
    become,
    [Symbol.dispose]: () => rmSync(root, { recursive: true, force: true }),
  };
}
