import { type IncomingMessage, request } from 'node:http';

/** A server that has sent nothing for so long is taken for dead, in milliseconds; one that waits sends a word every 10 s. */
const SILENCE_MS = 60_000;

export interface Post {
  readonly socketPath: string;
  readonly method: 'POST' | 'DELETE';
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly signal: AbortSignal;
  /** Is given every message of an answer, as one line. */
  readonly onMessage: (line: string) => void;
}

/** What the server said. `text` is the body of a refusal. */
export interface Posted {
  readonly status: number;
  readonly sessionId: string | undefined;
  readonly text: string;
}

/**
 * Sends one message to `/mcp` and passes on what comes back. A connection of its own each time: one that was kept may
 * be closed by the server just when it is taken, and nobody knows then what came of the call. Throws the system's error,
 * also when the answer breaks off.
 */
export function postMessage({ socketPath, method, headers, body, signal, onMessage }: Post): Promise<Posted> {
  return new Promise((resolve, reject) => {
    const outgoing = request({
      socketPath,
      method,
      path: '/mcp',
      agent: false,
      signal,
      headers: {
        ...headers,
        accept: 'application/json, text/event-stream',
        ...(method === 'POST' && { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }),
      },
    });
    outgoing.setTimeout(SILENCE_MS, () => outgoing.destroy(new Error(`The server was silent for ${SILENCE_MS} ms.`)));
    outgoing.once('error', reject);
    outgoing.once('response', (incoming) => {
      readAnswer(incoming, onMessage).then(resolve, reject);
    });
    outgoing.end(body);
  });
}

async function readAnswer(incoming: IncomingMessage, onMessage: (line: string) => void): Promise<Posted> {
  const { statusCode: status = 0, headers } = incoming;
  const sessionId = headers['mcp-session-id']?.toString();
  const isStream = headers['content-type']?.startsWith('text/event-stream') === true;
  let text = '';
  incoming.setEncoding('utf8');
  for await (const chunk of incoming as AsyncIterable<string>) {
    text += chunk;
    if (isStream) text = passEvents(text, onMessage);
  }
  if (status === 200 && !isStream && text !== '') onMessage(text);
  return { status, sessionId, text };
}

/** Passes on the events that are complete, and gives what is left. An event of ours has its data on one line. */
function passEvents(text: string, onMessage: (line: string) => void): string {
  const events = text.split('\n\n');
  const rest = events.pop() ?? '';
  for (const event of events) {
    const data = event.split('\n').find((line) => line.startsWith('data: '));
    if (data !== undefined) onMessage(data.slice('data: '.length));
  }
  return rest;
}
