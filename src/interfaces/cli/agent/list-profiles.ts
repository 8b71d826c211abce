import { EXIT, type ExitCode } from '../../../exit-codes.js';
import type { Context } from '../context.js';
import type { JsonOption } from '../help.js';
import { escapeControls } from '../output/escape-controls.js';
import { renderTable } from '../output/table.js';
import { connect } from '../server/connect.js';
import { createTerminal } from '../terminal.js';

/** The profiles that the server knows; what is wrong with one stands beside it. */
export async function listProfiles(context: Context, { json }: JsonOption): Promise<ExitCode> {
  await using client = await connect(context);
  const profiles = await client.agent.profiles.query();
  const terminal = createTerminal(context);
  if (json === true) {
    terminal.printJson(profiles);
    return EXIT.done;
  }
  const { colours } = terminal;
  const table = renderTable(
    profiles,
    [
      { title: 'PROFILE', text: ({ name }) => name },
      { title: 'PROTOCOL', text: ({ protocol }) => protocol },
      { title: 'PROGRAM', text: ({ program, command }) => escapeControls(program ?? command ?? '-'), shrinks: true },
      {
        title: 'STATE',
        text: ({ problem }) => (problem === null ? 'ready' : escapeControls(problem)),
        colour: (text, { problem }) => (problem === null ? colours.green(text) : colours.red(text)),
        shrinks: true,
      },
    ],
    terminal,
  );
  terminal.print(table);
  return EXIT.done;
}
