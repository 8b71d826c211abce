import type { ServerResponse } from 'node:http';
import type { JSONRPCMessage } from '@modelcontextprotocol/sdk/types.js';
import type { Reply } from '../mcp/mcp-session.js';
import { sendRefusal } from './refusal.js';
import { SECURITY_HEADERS, sendJson } from './respond.js';

/**
 * Writes the answer to an MCP request: one JSON body, or for a client that takes event streams such a stream, from the
 * first word before the answer on.
 */
export function createMcpReply(response: ServerResponse, streams: boolean): Reply {
  const open = () => {
    if (response.headersSent) return;
    // Set beforehand, because by this header a stream is known when the server closes.
    response.setHeader('Content-Type', 'text/event-stream; charset=utf-8');
    response.writeHead(200, { ...SECURITY_HEADERS, 'X-Accel-Buffering': 'no' });
  };
  const write = (message: JSONRPCMessage) => response.write(`event: message\ndata: ${JSON.stringify(message)}\n\n`);

  return {
    note(message) {
      if (!streams) return;
      open();
      // One that does not read does not need to know how far we are.
      if (!response.writableNeedDrain) write(message);
    },
    answer(message) {
      if (!response.headersSent) {
        sendJson(response, 200, message);
        return;
      }
      write(message);
      response.end();
    },
    keepAlive() {
      if (!streams) return;
      open();
      if (!response.writableNeedDrain) response.write(': alive\n\n');
    },
    drop() {
      if (!response.headersSent) response.writeHead(202, SECURITY_HEADERS);
      response.end();
    },
    cut() {
      if (response.headersSent) {
        response.destroy();
        return;
      }
      const message = 'The server is about to stop; try again in a moment.';
      sendRefusal(response, { status: 503, reason: 'unavailable', message, headers: { 'Retry-After': '1' } });
    },
  };
}
