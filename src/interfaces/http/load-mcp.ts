import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Application } from '../../application/application.js';
import type { Logger } from '../../application/ports/logger.js';
import type { McpSessions } from '../mcp/mcp-sessions.js';
import type { ServerInfo } from './server-info.js';

interface Needs {
  readonly server: Pick<ServerInfo, 'version' | 'noteWork'>;
  readonly logger: Logger;
  readonly closing: AbortSignal;
}

/** Answers a request to `/mcp` whose body has been read; undefined for a DELETE. `owner` is the agent's grant, or null. */
export type AnswerMcp = (
  request: IncomingMessage,
  response: ServerResponse,
  body: string | undefined,
  app: Application,
  owner: object | null,
) => Promise<void>;

/** MCP over HTTP. The SDK is loaded with the first request: most servers live without one for long. */
export function loadMcp({ server, logger, closing }: Needs): AnswerMcp {
  let sessions: McpSessions | undefined;
  return async (request, response, body, app, owner) => {
    const [{ answerMcp }, { createMcpSessions }] = await Promise.all([
      import('./mcp-route.js'),
      import('../mcp/mcp-sessions.js'),
    ]);
    sessions ??= createMcpSessions();
    await answerMcp(request, response, body, {
      sessions,
      app,
      owner,
      closing,
      version: server.version,
      noteWork: server.noteWork,
      logBug: (tool, error) => logger.error('an MCP tool met a bug', { tool, error }),
    });
  };
}
