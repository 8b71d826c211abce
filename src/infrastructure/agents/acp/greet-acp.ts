import { RequestError } from '@agentclientprotocol/sdk';
import type { AgentProcess } from '../../../application/ports/agent-process.js';
import type { Greeting } from '../../../application/ports/agent-runtime.js';
import { connectAcp } from './acp-connection.js';
import { handshake, UnknownVersion } from './open-conversation.js';

/** Greets a process that has just been started. Null when it ends instead of answering. */
export async function greetAcp(process: AgentProcess, name: string, version: string): Promise<Greeting | null> {
  const connection = connectAcp({ process, number: 1, from: 0, firstId: 1 });
  try {
    return { version: (await handshake(connection.agent, name, version)).version, problem: null };
  } catch (error) {
    if (error instanceof UnknownVersion) return { version: null, problem: error.message };
    if (error instanceof RequestError) {
      return { version: null, problem: `${name} refuses to be greeted: ${error.message}` };
    }
    // What else is thrown tells that the connection is gone.
    return null;
  } finally {
    connection.close();
  }
}
