import type { AgentCheck } from '../../../domain/agent/agent-check.js';
import type { ListedProfile } from '../../../domain/agent/agent-profile.js';
import { EXIT, type ExitCode } from '../../../exit-codes.js';
import type { Context } from '../context.js';
import type { JsonOption } from '../help.js';
import { escapeControls } from '../output/escape-controls.js';
import { createLiveLine } from '../output/live-line.js';
import { renderTable } from '../output/table.js';
import { type Client, connect } from '../server/connect.js';
import { createTerminal } from '../terminal.js';

/** Longest wait for all answers, in milliseconds: two agents are greeted at once, each for 30 s at most. */
const CHECK_TIMEOUT_MS = 300_000;

export interface ProfilesOptions extends JsonOption {
  readonly check?: true;
}

type ShownProfile = ListedProfile & { readonly check?: AgentCheck };

/** The profiles that the server knows; what is wrong with one stands beside it. */
export async function listProfiles(context: Context, { json, check }: ProfilesOptions): Promise<ExitCode> {
  await using client = await connect(context, { timeoutMs: CHECK_TIMEOUT_MS });
  const listed = await client.agent.profiles.query();
  const profiles: readonly ShownProfile[] = check === true ? await greetAll(context, client, listed) : listed;
  const terminal = createTerminal(context);
  const silent = profiles.some((profile) => profile.check?.outcome === 'fails');
  const code = silent ? EXIT.failed : EXIT.done;
  if (json === true) {
    terminal.printJson(profiles);
    return code;
  }
  const { colours } = terminal;
  const table = renderTable(
    profiles,
    [
      { title: 'PROFILE', text: ({ name }) => name },
      { title: 'PROTOCOL', text: ({ protocol }) => protocol },
      { title: 'VERSION', text: (profile) => escapeControls(profile.check?.version ?? profile.version ?? '-') },
      { title: 'PROGRAM', text: ({ program, command }) => escapeControls(program ?? command ?? '-'), shrinks: true },
      {
        title: 'STATE',
        text: (profile) => escapeControls(stateOf(profile)),
        colour: (text, profile) => (isGood(profile) ? colours.green(text) : colours.red(text)),
        shrinks: true,
      },
    ],
    terminal,
  );
  terminal.print(table);
  return code;
}

/** Greets those whose program is there. */
async function greetAll(context: Context, client: Client, profiles: readonly ListedProfile[]): Promise<ShownProfile[]> {
  const line = createLiveLine(context);
  let waiting = profiles.length;
  line.show(() => `greeting ${String(waiting)} of ${String(profiles.length)} agents…`);
  try {
    return await Promise.all(
      profiles.map(async (profile) => {
        const check = await client.agent.check.mutate({ profile: profile.name });
        waiting -= 1;
        return { ...profile, check };
      }),
    );
  } finally {
    line.clear();
  }
}

function isGood({ problem, check }: ShownProfile): boolean {
  return problem === null && check?.outcome !== 'fails';
}

function stateOf({ problem, check }: ShownProfile): string {
  if (problem !== null) return problem;
  if (check === undefined || check.outcome === 'found') return 'ready';
  return check.outcome === 'answers' ? 'answers' : check.message;
}
