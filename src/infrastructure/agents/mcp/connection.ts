import { pathToFileURL } from 'node:url';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import {
  type CallToolResult,
  CallToolResultSchema,
  ListRootsRequestSchema,
  LoggingMessageNotificationSchema,
  type Progress,
  type Tool,
} from '@modelcontextprotocol/sdk/types.js';
import type { AgentProcess } from '../../../application/ports/agent-process.js';
import type { AgentUpdate } from '../../../application/ports/agent-update.js';
import { createProcessTransport } from './process-transport.js';
import type { UpdateQueue } from './update-queue.js';

/** Pages of a server's list of tools that are read, at most. */
const MAX_PAGES = 50;
/** The longest that a timer of Node can wait; our own limit is the turn's. In milliseconds. */
const NO_LIMIT_MS = 2_147_483_647;
/** Announcements of what a call has no use for. */
const PASSED_OVER = new Set([
  'notifications/tools/list_changed',
  'notifications/resources/list_changed',
  'notifications/resources/updated',
  'notifications/prompts/list_changed',
  'notifications/cancelled',
  'notifications/progress',
]);

/** One running MCP server. */
export interface McpConnection {
  readonly process: AgentProcess;
  /** The directory that it works in. */
  readonly workspace: string;
  readonly hasEnded: boolean;
  /** Where updates go from here on; null while nobody listens. */
  listen(queue: UpdateQueue | null): void;
  /** Of the server, as it told when it was opened. */
  version(): string | null;
  /** Throws what the SDK throws. */
  open(answerMs: number): Promise<void>;
  tools(answerMs: number): Promise<readonly Tool[]>;
  /** Calls a tool. An aborted signal cancels the call at the server, and it rejects. */
  call(name: string, args: Record<string, unknown>, signal: AbortSignal): Promise<CallToolResult>;
  close(): Promise<void>;
}

export function createMcpConnection(process: AgentProcess, workspace: string, version: string): McpConnection {
  let queue: UpdateQueue | null = null;
  let hasEnded = false;
  void process.ended.then(() => (hasEnded = true));
  const tell = (update: AgentUpdate) => queue?.add(update);

  const client = new Client({ name: 'codewalkers', title: 'Codewalkers', version }, { capabilities: { roots: {} } });
  client.setRequestHandler(ListRootsRequestSchema, () => ({ roots: [{ uri: pathToFileURL(workspace).href }] }));
  client.setNotificationHandler(LoggingMessageNotificationSchema, ({ params: { data } }) => {
    tell({ type: 'progress', message: typeof data === 'string' ? data : JSON.stringify(data), fraction: null });
  });
  client.fallbackNotificationHandler = ({ method }) => {
    if (!PASSED_OVER.has(method)) tell({ type: 'unknown', kind: method });
    return Promise.resolve();
  };
  client.onerror = (error) => tell({ type: 'unknown', kind: error.message });

  function onprogress({ progress, total, message }: Progress): void {
    const fraction = total === undefined || total <= 0 ? null : Math.min(1, Math.max(0, progress / total));
    const said = message ?? `${String(progress)}${total === undefined ? '' : ` of ${String(total)}`}`;
    tell({ type: 'progress', message: said, fraction });
    if (message !== undefined) tell({ type: 'text', text: `${message}\n` });
  }

  return {
    process,
    workspace,
    get hasEnded() {
      return hasEnded;
    },
    listen(next) {
      queue = next;
    },
    version: () => client.getServerVersion()?.version ?? null,
    open: (answerMs) =>
      client.connect(
        createProcessTransport(process, {
          unreadable: (kind) => tell({ type: 'unknown', kind }),
          ready: () => queue?.room() ?? Promise.resolve(),
        }),
        { timeout: answerMs },
      ),
    async tools(answerMs) {
      const all: Tool[] = [];
      let cursor: string | undefined;
      for (let page = 0; page < MAX_PAGES; page += 1) {
        const { tools, nextCursor } = await client.listTools({ cursor }, { timeout: answerMs });
        all.push(...tools);
        cursor = nextCursor;
        if (cursor === undefined) break;
      }
      return all;
    },
    call: (name, args, signal) =>
      client.request({ method: 'tools/call', params: { name, arguments: args } }, CallToolResultSchema, {
        ...{ signal, onprogress, timeout: NO_LIMIT_MS },
      }),
    close: () => client.close(),
  };
}
