import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import { type TestServer, TOKEN } from './server.js';

/** The official client, closed at the end of the test. */
export interface McpClient extends AsyncDisposable {
  readonly client: Client;
  /** Calls a tool and gives what programs read; throws with what the tool said when it refused. */
  call(name: string, args?: object): Promise<Record<string, unknown>>;
  /** Calls a tool that is to refuse, and gives the sentence. */
  refused(name: string, args?: object): Promise<string>;
}

export async function connectMcp(transport: Transport): Promise<McpClient> {
  const client = new Client({ name: 'test', version: '1.0.0' });
  await client.connect(transport);
  const ask = async (name: string, args: object = {}) => {
    const { isError = false, content, structuredContent } = await client.callTool({ name, arguments: { ...args } });
    const [first] = content as { type: string; text: string }[];
    return { isError, text: first?.text ?? '', structured: structuredContent as Record<string, unknown> };
  };
  return {
    client,
    async call(name, args) {
      const { isError, text, structured } = await ask(name, args);
      if (isError === true) throw new Error(text);
      return structured;
    },
    async refused(name, args) {
      const { isError, text } = await ask(name, args);
      if (isError !== true) throw new Error(`${name} did not refuse: ${text}`);
      return text;
    },
    [Symbol.asyncDispose]: () => client.close(),
  };
}

/** Over HTTP with this token. */
export function connectMcpHttp({ url }: Pick<TestServer, 'url'>, token = TOKEN): Promise<McpClient> {
  const requestInit = { headers: { authorization: `Bearer ${token}` } };
  return connectMcp(new StreamableHTTPClientTransport(new URL('/mcp', url), { requestInit }));
}
