/** When the first line of a transcript was written. */
export const BEGUN = Date.parse('2026-11-28T04:25:10.000Z');
export const PROVIDER_SESSION = '5823db73-60cf-432c-845c-39be7b08791c';

/** Lines as Claude Code 2.1.328 writes them, each a second after the one before. */
export function transcriptOf(cwd: string, entries: readonly object[]): string[] {
  return entries.map((entry, n) => {
    const timestamp = new Date(BEGUN + n * 1_000).toISOString();
    const common = { isSidechain: false, userType: 'external', cwd, version: '2.1.328', gitBranch: 'main' };
    return JSON.stringify({ ...common, uuid: `uuid-${String(n)}`, timestamp, sessionId: PROVIDER_SESSION, ...entry });
  });
}

export function asked(text: string, promptId?: string): object {
  return { ...(promptId === undefined ? {} : { promptId }), type: 'user', message: { role: 'user', content: text } };
}

export function said(text: string, stopReason: string | null = 'end_turn'): object {
  return assistant([{ type: 'text', text }], stopReason);
}

export function called(id: string, command: string): object {
  return assistant([{ type: 'tool_use', id, name: 'Bash', input: { command } }], 'tool_use');
}

export function returned(id: string, stdout: string, promptId?: string): object {
  const content = [{ tool_use_id: id, type: 'tool_result', content: stdout, is_error: false }];
  const named = promptId === undefined ? {} : { promptId };
  const toolUseResult = { stdout, stderr: '', interrupted: false };
  return { ...named, type: 'user', message: { role: 'user', content }, toolUseResult };
}

function assistant(content: readonly object[], stopReason: string | null): object {
  return {
    type: 'assistant',
    message: { id: 'msg_1', type: 'message', role: 'assistant', content, stop_reason: stopReason },
  };
}
