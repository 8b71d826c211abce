/** The shell that runs a user's own command line; `{prompt}` stands for that line. */
interface SystemShell {
  readonly command: string;
  readonly args: string[];
}

/** `--` ends the shell's own options, so that a command line may begin with a dash. */
const POSIX_SHELL: SystemShell = { command: '/bin/sh', args: ['-c', '--', '{prompt}'] };
const WINDOWS_SHELL: SystemShell = { command: 'cmd.exe', args: ['/d', '/s', '/c', '{prompt}'] };

/** The shell that every machine of this platform has. */
export const SYSTEM_SHELL = process.platform === 'win32' ? WINDOWS_SHELL : POSIX_SHELL;
