import { stripVTControlCharacters } from 'node:util';
import { ErrorCode, McpError } from '@modelcontextprotocol/sdk/types.js';
import { exitOf, failedEnd } from '../../../application/agent/turn-ends.js';
import type { AgentProcess } from '../../../application/ports/agent-process.js';
import type { TurnEnd } from '../../../application/ports/turn-end.js';
import { cutText } from '../../../domain/shared/cut-text.js';
import { messageOf } from '../../../domain/shared/thrown.js';
import type { TaskError } from '../../../domain/task/task.js';

/** Longest part of what a server says that an error repeats, in UTF-16 code units. */
const QUOTE_LENGTH = 1_000;
const TIMED_OUT: number = ErrorCode.RequestTimeout;
/** Another try of the same would be refused too. */
const HOPELESS: ReadonlySet<number> = new Set([ErrorCode.InvalidParams, ErrorCode.MethodNotFound]);

/** What a server says as a sentence of an error. */
export function quoted(text: string, otherwise: string): string {
  const told = stripVTControlCharacters(text).trim();
  return told === '' ? otherwise : cutText(told, QUOTE_LENGTH);
}

/** What a request of ours failed with. A refusal that would come again is a `usage` error. */
export function requestError(error: unknown, answerMs: number): TaskError {
  if (!(error instanceof McpError)) return { code: 'failed', message: quoted(messageOf(error), 'It failed.') };
  if (error.code === TIMED_OUT) {
    const message = `The MCP server did not answer within ${String(Math.ceil(answerMs / 1_000))} s.`;
    return { code: 'failed', message };
  }
  const message = `The MCP server refused the request: ${quoted(error.message, 'it does not say why')}`;
  return { code: HOPELESS.has(error.code) ? 'usage' : 'failed', message };
}

/** The end of a turn whose server is gone. */
export async function crashed(process: AgentProcess): Promise<TurnEnd> {
  const end = await process.ended;
  const { how, exitCode } = exitOf(end);
  const said = quoted((await process.errorTail()).slice(-QUOTE_LENGTH), '');
  const words = said === '' ? '' : ` It said at last: ${said}`;
  const message = `The MCP server ${how} in the middle of the call.${words}`;
  return failedEnd({ code: 'crashed', message }, end.receipt, exitCode);
}
