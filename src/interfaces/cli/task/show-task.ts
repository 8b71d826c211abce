import type { inferRouterOutputs } from '@trpc/server';
import type { Task } from '../../../domain/task/task.js';
import { EXIT, type ExitCode } from '../../../exit-codes.js';
import type { AppRouter } from '../../trpc/router.js';
import type { Context } from '../context.js';
import type { JsonOption } from '../help.js';
import { parseId } from '../input/id.js';
import { toOneLine } from '../output/escape-controls.js';
import { type Field, renderFields } from '../output/fields.js';
import { describeRetry } from '../output/retry-rules.js';
import { formatSize } from '../output/sizes.js';
import { renderTable } from '../output/table.js';
import { formatClock, formatDuration, formatFullMoment } from '../output/times.js';
import { connect } from '../server/connect.js';
import { createTerminal, type Terminal } from '../terminal.js';
import { describeLimit, type Limit, limitOf } from './waits-for.js';

type Outputs = inferRouterOutputs<AppRouter>['task'];
type Attempt = Outputs['result']['attempts'][number];
type Usage = Outputs['usage'];

/** Shows all about a task. With --json the task, and beside its own fields its attempts, what was used, and the limit that it waits for, as `history`, `usage` and `limit`. */
export async function showTask(context: Context, id: string, { json }: JsonOption): Promise<ExitCode> {
  const taskId = parseId('task', id);
  await using client = await connect(context);
  const [task, { attempts }, usage, limits] = await Promise.all([
    client.task.get.query({ taskId }),
    client.task.result.query({ taskId }),
    client.task.usage.query({ taskId }),
    client.agent.limits.query(),
  ]);
  const terminal = createTerminal(context);
  const limit = limitOf(task, limits);
  if (json === true) {
    terminal.printJson({ ...task, history: attempts, usage, limit });
    return EXIT.done;
  }
  const now = Date.now();
  terminal.print(renderFields(fieldsOf(task, usage, limit, now), terminal.colours));
  if (attempts.length > 0) terminal.print(`\n${renderAttempts(attempts, terminal, now)}`);
  for (const line of outputsOf(attempts)) terminal.print(line);
  const way =
    limit === null ? wayOut(task) : `Do not wait: cw agent reopen ${limit.account} · end it: cw task cancel ${taskId}`;
  if (way !== undefined) terminal.print(`\n${way}`);
  return EXIT.done;
}

function fieldsOf(task: Task, usage: Usage, limit: Limit | null, now: number): Field[] {
  const moment = (at: number | null) => formatFullMoment(at, now);
  const { result } = task;
  return [
    ['task', task.id],
    ['status', task.status === 'blocked' ? `blocked by ${String(task.waitingFor)} tasks` : task.status],
    ['prompt', task.prompt],
    ['waits for', limit === null ? null : `the account ${limit.account}, ${describeLimit(limit, now)}`],
    ['agent', task.agent],
    ['fallback', task.fallback],
    ['workspace', task.workspace],
    ['workspace id', task.workspaceId],
    ['session', task.sessionId],
    ['run by', task.agentId],
    ['priority', task.priority],
    ['after', task.after.join('\n')],
    ['group', task.group],
    ['unique key', describeUnique(task)],
    ['attempts', `${String(task.attempts)} of ${String(task.maxAttempts)}`],
    ['retries', describeRetry(task.retry)],
    ['time limit', formatDuration(task.timeoutMs)],
    ['deadline', moment(task.deadline)],
    ['created', moment(task.createdAt)],
    ['runs from', task.runAt === task.createdAt ? null : moment(task.runAt)],
    ['started', moment(task.startedAt)],
    ['finished', moment(task.finishedAt)],
    ['error', task.error === null ? null : `${task.error.message} (${task.error.code})`],
    ['exit code', result?.exitCode],
    [
      'output',
      result === null
        ? null
        : `${formatSize(result.bytes)}${result.truncated ? ', its end is kept as the result' : ''}`,
    ],
    ['used', describeUsage(usage)],
    ['result', result?.text],
  ];
}

function describeUnique({ unique, uniqueScope }: Task): string | null {
  if (unique === null || uniqueScope === null) return unique;
  const which =
    typeof uniqueScope === 'object' ? `for ${formatDuration(uniqueScope.periodMs)}` : `while ${uniqueScope}`;
  return `${unique} (${which})`;
}

/** `12,000 tokens in (8,000 cached), 340 out, $0.0420`; null for an agent that tells nothing. */
function describeUsage({ inputTokens, outputTokens, cachedTokens, microUsd }: Usage): string | null {
  if (inputTokens + outputTokens + microUsd === 0) return null;
  const count = (tokens: number) => tokens.toLocaleString('en-US');
  const cached = cachedTokens === 0 ? '' : ` (${count(cachedTokens)} cached)`;
  const money = microUsd === 0 ? '' : `, $${(microUsd / 1e6).toFixed(4)}`;
  return `${count(inputTokens)} tokens in${cached}, ${count(outputTokens)} out${money}`;
}

function renderAttempts(attempts: readonly Attempt[], terminal: Terminal, now: number): string {
  return renderTable(
    attempts,
    [
      { title: 'ATTEMPT', text: ({ epoch }) => String(epoch), align: 'right' },
      { title: 'OUTCOME', text: ({ outcome }) => outcome ?? 'running' },
      { title: 'AGENT', text: ({ agentId }) => agentId },
      { title: 'STARTED', text: ({ startedAt }) => formatClock(startedAt) },
      {
        title: 'TOOK',
        text: ({ startedAt, finishedAt }) => formatDuration((finishedAt ?? now) - startedAt),
        align: 'right',
      },
      { title: 'EXIT', text: ({ exitCode }) => (exitCode === null ? '-' : String(exitCode)), align: 'right' },
      { title: 'CODE', text: ({ error }) => error?.code ?? '-' },
      { title: 'ERROR', text: ({ error }) => (error === null ? '' : toOneLine(error.message)), shrinks: true },
    ],
    terminal,
  );
}

/** Where the output of each attempt is, as far as it is kept; they take more room than a column has. */
function outputsOf(attempts: readonly Attempt[]): string[] {
  const kept = attempts.filter(({ output }) => output !== null);
  return kept.map(
    ({ epoch, output }, n) => `${n === 0 ? '\n' : ''}output of ${String(epoch)}: ${toOneLine(output ?? '')}`,
  );
}

/** What the user can do about a task in this state. */
function wayOut({ id, status }: Task): string | undefined {
  switch (status) {
    case 'failed':
      return `Its output: cw task logs ${id} · try again: cw task retry ${id} · take it out: cw task discard ${id}`;
    case 'cancelled':
      return `Put it back: cw task retry ${id}`;
    case 'blocked':
    case 'scheduled':
    case 'pending':
    case 'processing':
      return `Follow it: cw task logs -f ${id} · end it: cw task cancel ${id}`;
    case 'completed':
      return undefined;
  }
}
