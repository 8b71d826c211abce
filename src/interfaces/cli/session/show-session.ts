import type { inferRouterOutputs } from '@trpc/server';
import { EXIT, type ExitCode } from '../../../exit-codes.js';
import type { AppRouter } from '../../trpc/router.js';
import type { Context } from '../context.js';
import type { JsonOption } from '../help.js';
import { isId, parseId } from '../input/id.js';
import { PAGE, readPages } from '../list/read-pages.js';
import { escapeLines, toOneLine } from '../output/escape-controls.js';
import { type Field, renderFields } from '../output/fields.js';
import { renderTable } from '../output/table.js';
import { formatClock, formatFullMoment } from '../output/times.js';
import { connect } from '../server/connect.js';
import { createTerminal, type Terminal } from '../terminal.js';

type Outputs = inferRouterOutputs<AppRouter>;
type Session = Outputs['session']['get'];
type Said = Outputs['session']['prompts']['items'][number];
type Remembered = Outputs['observation']['list']['items'][number];
type Handed = Outputs['session']['contexts'];
type Summary = Outputs['session']['summary'];
type Tools = Outputs['session']['toolUses'];

const PARTS = [
  ['asked', 'ASKED'],
  ['found', 'FOUND'],
  ['done', 'DONE'],
  ['open', 'OPEN'],
] as const;

/** How much of a conversation is shown; with --json too. */
const SHOWN = { said: '200', remembered: PAGE } as const;

/** Prints all about a session: itself, what was said, which tools were used, and what is remembered of it. */
export async function showSession(context: Context, id: string, { json }: JsonOption): Promise<ExitCode> {
  const sessionId = parseId('session', id);
  await using client = await connect(context);
  const [session, said, tools, remembered, handed, summary] = await Promise.all([
    client.session.get.query({ sessionId }),
    readPages(
      { limit: SHOWN.said },
      (text) => isId('prompt', text),
      (part) => client.session.prompts.query({ sessionId, ...part }),
    ),
    client.session.toolUses.query({ sessionId }),
    client.observation.list.query({ sessionId, limit: SHOWN.remembered }),
    client.session.contexts.query({ sessionId }),
    client.session.summary.query({ sessionId }),
  ]);
  const terminal = createTerminal(context);
  if (json === true) {
    terminal.printJson({
      ...session,
      said: said.items,
      tools: tools.tools,
      observations: remembered.items,
      contexts: handed,
      summary,
    });
    return EXIT.done;
  }
  terminal.print(renderFields(fieldsOf(session, { tools, handed }, Date.now()), terminal.colours));
  if (summary !== null) terminal.print(`\n${renderSummary(summary)}`);
  if (said.items.length > 0) terminal.print(`\n${renderSaid(said.items, terminal)}`);
  if (said.nextCursor !== null) terminal.note('More was said.');
  const observations = remembered.items.filter(({ type }) => type !== 'summary');
  if (observations.length > 0) terminal.print(`\n${renderObservations(observations, terminal)}`);
  return EXIT.done;
}

function fieldsOf(session: Session, { tools, handed }: { tools: Tools; handed: Handed }, now: number): Field[] {
  const moment = (at: number | null) => formatFullMoment(at, now);
  return [
    ['session', session.id],
    ['status', session.status],
    ['title', session.title],
    ['agent', session.agent],
    ['version', session.agentVersion],
    ['source', session.source],
    ["provider's id", session.providerSessionId],
    ['workspace', session.workspaceId],
    ['directory', session.cwd],
    ['transcript', session.transcriptPath],
    ['task', session.taskId],
    ['prompts', session.prompts],
    ['tool uses', describeTools(tools)],
    ['was told', describeHanded(handed)],
    ['started', moment(session.startedAt)],
    ['ended', moment(session.endedAt)],
    ['reason', session.reason],
  ];
}

/** `14 entries, 1,830 tokens`, of the last time. */
function describeHanded(handed: Handed): string | null {
  const last = handed.at(-1);
  if (last === undefined) return null;
  return `${String(last.observationIds.length)} entries of memory, ${last.tokens.toLocaleString('en-US')} tokens`;
}

/** `12 (2 failed): Bash 8, Edit 4` */
function describeTools({ tools, isWhole }: Tools): string | null {
  if (tools.length === 0) return null;
  const uses = tools.reduce((sum, tool) => sum + tool.uses, 0);
  const failed = tools.reduce((sum, tool) => sum + tool.failed, 0);
  const names = tools.map((tool) => `${toOneLine(tool.name)} ${String(tool.uses)}`).join(', ');
  return `${String(uses)}${isWhole ? '' : '+'}${failed === 0 ? '' : ` (${String(failed)} failed)`}: ${names}`;
}

/** The four parts, each with its points below it; one of another form as it is. */
function renderSummary({ parts, text }: NonNullable<Summary>): string {
  if (parts === null) return escapeLines(text);
  return PARTS.filter(([part]) => parts[part].length > 0)
    .flatMap(([part, title]) => [title, ...parts[part].map((point) => `  ${toOneLine(point)}`)])
    .join('\n');
}

function renderSaid(said: readonly Said[], terminal: Terminal): string {
  return renderTable(
    said,
    [
      { title: 'NO', text: ({ number }) => String(number), align: 'right' },
      { title: 'WHO', text: ({ who }) => who },
      { title: 'WHEN', text: ({ at }) => formatClock(at) },
      { title: 'SAID', text: ({ text }) => (text === '' ? '(private)' : toOneLine(text)), shrinks: true },
    ],
    terminal,
  );
}

function renderObservations(observations: readonly Remembered[], terminal: Terminal): string {
  return renderTable(
    observations,
    [
      { title: 'REMEMBERED', text: ({ id }) => id },
      { title: 'TYPE', text: ({ type }) => type },
      { title: 'TITLE', text: ({ title }) => toOneLine(title), shrinks: true },
    ],
    terminal,
  );
}
