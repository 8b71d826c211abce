import { Command, CommanderError } from 'commander';
import { packageVersion } from '../../installation.js';
import { addAgentCommands } from './agent-commands.js';
import { addBackupCommands } from './backup-commands.js';
import { addConfigCommands } from './config-commands.js';
import { addConnectCommand } from './connect-command.js';
import { addDoctorCommand } from './doctor-command.js';
import { addHookCommand } from './hook-command.js';
import { addMcpCommand } from './mcp-command.js';
import { addMemoryCommands } from './memory-commands.js';
import { escapeLines } from './output/escape-controls.js';
import { addPermissionCommands } from './permission-commands.js';
import { addPruneCommand } from './prune-command.js';
import { addQueueCommands } from './queue-commands.js';
import type { Run } from './run-action.js';
import { addScheduleCommands } from './schedule-commands.js';
import { addServerCommands } from './server-commands.js';
import { addSessionCommands } from './session-commands.js';
import { addSpawnCommand } from './spawn-command.js';
import { addTaskCommands } from './task-commands.js';
import { addWatchCommand } from './watch-command.js';
import { addWorkspaceCommands } from './workspace-commands.js';

/**
 * Every command with its words, flags and help. What a command does is imported when it runs, so that a short command
 * loads little.
 */
export function createProgram(run: Run): Command {
  const program = new Command('cw')
    .description('Runs coding agents on a durable queue, in the background of this machine.')
    .option('-V, --version', 'print the version')
    .helpCommand(false)
    .exitOverride()
    .configureOutput({
      // What the user typed is quoted, and may hold anything.
      writeErr: (text) => process.stderr.write(escapeLines(text)),
      outputError: (text, write) => write(text.replace(/^error: /, '')),
    })
    .on('option:version', () => {
      process.stdout.write(`${packageVersion()}\n`);
      throw new CommanderError(0, 'commander.version', '');
    })
    .addHelpText(
      'after',
      `
Examples:
  $ cw spawn --agent shell --wait --follow "npm test"   run one task and see its output
  $ cw status                                           see what goes on
  $ cw task list                                        see the latest tasks

The data directory is CW_HOME (~/.codewalkers). \`cw <command> --help\` tells more about a command.`,
    );
  addSpawnCommand(program, run);
  addTaskCommands(program, run);
  addQueueCommands(program, run);
  addScheduleCommands(program, run);
  addAgentCommands(program, run);
  addSessionCommands(program, run);
  addPermissionCommands(program, run);
  addMemoryCommands(program, run);
  addWorkspaceCommands(program, run);
  addWatchCommand(program, run);
  addServerCommands(program, run);
  addBackupCommands(program, run);
  addPruneCommand(program, run);
  addConnectCommand(program, run);
  addHookCommand(program);
  addMcpCommand(program, run);
  addConfigCommands(program, run);
  addDoctorCommand(program, run);
  return program;
}
