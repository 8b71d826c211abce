import type { inferRouterOutputs } from '@trpc/server';
import type { AppRouter } from '../../trpc/router.js';
import type { Colours } from '../output/colours.js';
import { escapeControls } from '../output/escape-controls.js';
import { formatSize } from '../output/sizes.js';
import { formatDuration } from '../output/times.js';
import { describeLimit } from '../task/waits-for.js';

export type Status = inferRouterOutputs<AppRouter>['system']['status'];

/** Paused parts of the queue that are named; more would be more than a glance. */
const SHOWN_PARTS = 5;

/** The status for people, a line for each thing. */
export function renderStatus(
  { server, queue, paused: parts, limits, pool, sessions, memory, events }: Status,
  colours: Colours,
): string {
  const state = server.state === 'ready' ? colours.green(server.state) : colours.yellow(server.state);
  const port = server.port === null ? 'no TCP port' : `port ${String(server.port)}`;
  const paused = queue.paused ? colours.yellow('paused') : 'running';
  const oldest = queue.oldestPendingMs === null ? '' : `, the oldest for ${formatDuration(queue.oldestPendingMs)}`;
  const failed = queue.failed === 0 ? '0 failed' : colours.red(`${String(queue.failed)} failed`);
  const notReady = server.services.filter((service) => service.state !== 'ready');
  return [
    line('server', state, `version ${server.version}, process ${String(server.pid)}, ${port}`),
    line('', `up ${formatDuration(server.uptimeMs)}, ${formatSize(server.memory.rssBytes)} of memory`),
    ...loopLine(server.eventLoop).map((text) => line('', colours.yellow(text))),
    ...notReady.map(({ name, state: how, problem }) =>
      line('', `${name}: ${how}${problem === null ? '' : ` (${escapeControls(problem)})`}`),
    ),
    line('queue', paused, `${counted(queue.pending, 'waits', 'wait')}${oldest}, ${String(queue.processing)} running`),
    line('', `${String(queue.scheduled)} scheduled, ${String(queue.blocked)} blocked`),
    line('', `${String(queue.completed)} completed, ${failed}, ${String(queue.cancelled)} cancelled`),
    ...pausedLine(parts).map((text) => line('paused', colours.yellow(text))),
    ...limits.map((limit) => line('limit', colours.yellow(`${limit.account} is ${describeLimit(limit, Date.now())}`))),
    line('agents', `${String(pool.busy)} busy, ${String(pool.idle)} idle of at most ${String(pool.max)}`),
    line('sessions', `${String(sessions.active)} active, ${String(sessions.paused)} paused`),
    line('memory', `${String(memory.observations)} observations, ${String(memory.waiting)} waiting`),
    ...spendLine(memory.spend).map((text) => line('model', text)),
    line('events', `${String(events.position)} so far`),
  ].join('\n');

  function line(title: string, ...parts: string[]): string {
    return `${colours.dim(title.padEnd(10))}${parts.join(', ')}`;
  }
}

/** Nothing to tell while the server has answered promptly. */
function loopLine({ blocks, maxMs }: Status['server']['eventLoop']): string[] {
  if (blocks === 0) return [];
  return [`blocked ${counted(blocks, 'time', 'times')}, for up to ${formatDuration(maxMs)}; its log says by what`];
}

/** Nothing to tell while no part of the queue is paused. */
function pausedLine(parts: Status['paused']): string[] {
  if (parts.length === 0) return [];
  const names = parts.slice(0, SHOWN_PARTS).map(({ kind, name }) => `${kind} ${escapeControls(name)}`);
  const more = parts.length - names.length;
  return [`${names.join(', ')}${more === 0 ? '' : `, and ${String(more)} more: cw queue limits`}`];
}

/** Nothing to tell without a model. */
function spendLine(spend: Status['memory']['spend']): string[] {
  if (spend === null) return [];
  const { calls, inputTokens, outputTokens, usd, deadLetters } = spend;
  const tokens = `${String(inputTokens)} tokens in, ${String(outputTokens)} out`;
  const failed =
    deadLetters === 0 ? '' : `; it failed on ${counted(deadLetters, 'stretch', 'stretches')} (cw memory requeue)`;
  return [`today ${counted(calls, 'call', 'calls')}, ${tokens}, $${usd.toFixed(2)}${failed}`];
}

function counted(count: number, one: string, many: string): string {
  return `${String(count)} ${count === 1 ? one : many}`;
}
