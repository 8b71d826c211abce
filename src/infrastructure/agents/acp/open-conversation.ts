import { type ClientContext, methods } from '@agentclientprotocol/sdk';
import { z } from 'zod';
import type { Timer } from '../../../application/ports/timer.js';
import type { AcpConnection } from './acp-connection.js';
import { looseText } from './loose.js';
import type { Handshake } from './mark.js';

/** Gemini says that it has loaded a conversation and then tells all of it: it is over after so long without a word, in milliseconds. */
const TOLD_MS = 250;

/** The one version of the protocol that is spoken here. */
const PROTOCOL_VERSION = 1;

const offered = (value: unknown) => value !== undefined && value !== null && value !== false;
const Initialized = z.object({
  protocolVersion: z.union([z.number(), z.string()]),
  agentInfo: z.object({ version: looseText }).nullish().catch(undefined),
  agentCapabilities: z
    .object({
      loadSession: z.boolean().nullish().catch(undefined),
      sessionCapabilities: z.object({ resume: z.unknown(), close: z.unknown() }).partial().nullish().catch(undefined),
    })
    .nullish()
    .catch(undefined),
});
const Opened = z.object({ sessionId: z.string() });

/** What an agent is that cannot be spoken with; the message says what to do. */
export class UnknownVersion extends Error {}

/** Says hello, and hears what the agent can do. Throws UnknownVersion for one that speaks another version. */
export async function handshake(agent: ClientContext, name: string, version: string): Promise<Handshake> {
  const answer: unknown = await agent.request(methods.agent.initialize as string, {
    protocolVersion: PROTOCOL_VERSION,
    clientInfo: { name: 'codewalkers', title: 'Codewalkers', version },
    // Agents work on the files themselves, and run their own commands.
    clientCapabilities: { fs: { readTextFile: false, writeTextFile: false }, terminal: false },
  });
  const { success, data } = Initialized.safeParse(answer);
  if (!success || Number(data.protocolVersion) !== PROTOCOL_VERSION) {
    const spoken = success ? `version ${String(data.protocolVersion)}` : 'no version that can be read';
    throw new UnknownVersion(
      `${name} speaks ${spoken} of the Agent Client Protocol and not version ${String(PROTOCOL_VERSION)}: ` +
        'update Codewalkers, or install a version of the agent that speaks it.',
    );
  }
  const { agentInfo, agentCapabilities } = data;
  const { resume, close } = agentCapabilities?.sessionCapabilities ?? {};
  return {
    version: agentInfo?.version ?? null,
    canLoad: agentCapabilities?.loadSession === true,
    canResume: offered(resume),
    canClose: offered(close),
  };
}

/** Begins a conversation and returns the agent's id of it. */
export async function beginConversation(agent: ClientContext, cwd: string): Promise<string> {
  const answer = await agent.request(methods.agent.session.new as string, { cwd, mcpServers: [] });
  return Opened.parse(answer).sessionId;
}

/** Takes a conversation up again. False when the agent has no way to. Throws what the agent refuses it with. */
export async function takeUpConversation(
  { agent, silent }: Pick<AcpConnection, 'agent' | 'silent'>,
  { canLoad, canResume }: Handshake,
  sessionId: string,
  cwd: string,
  timer: Timer,
): Promise<boolean> {
  if (!canLoad && !canResume) return false;
  // Resume tells nothing of what was; load tells all of it again, which nobody listens to.
  const method = canResume ? methods.agent.session.resume : methods.agent.session.load;
  await agent.request(method as string, { sessionId, cwd, mcpServers: [] });
  if (!canResume) await silent(TOLD_MS, timer);
  return true;
}
