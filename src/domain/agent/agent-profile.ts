import { z } from 'zod';
import { PermissionPolicy } from '../permission/permission-policy.js';
import { RetryDelay } from '../task/backoff.js';
import type { RetryRuling } from '../task/retry-rules.js';
import { MAX_TIMEOUT_MS, ProfileName } from '../task/task.js';
import { UsageBudget } from '../usage/usage.js';

export const Protocol = z.enum(['shell', 'command', 'claude', 'acp', 'codex', 'mcp']);
export type Protocol = z.infer<typeof Protocol>;

/** Shortest time without any sign of life that may end a turn, in milliseconds: a model may think for some seconds. */
const MIN_STALL_MS = 10_000;

const Environment = {
  /** Variables set for the agent. */
  env: z.record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/), z.string()).optional(),
  /** Names of variables passed on from the server's own environment, beside the always allowed ones. */
  passEnv: z.array(z.string().min(1)).optional(),
  /** Longest time of a turn without any sign of life, in milliseconds; 0 for any time. */
  stallTimeoutMs: z
    .union([z.literal(0), z.int().min(MIN_STALL_MS).max(MAX_TIMEOUT_MS)], {
      error: `it must be 0 for never, or from ${String(MIN_STALL_MS)} on`,
    })
    .optional(),
};

/** Agents that ask leave for their tools, and tell what they use and which limits they reach. */
const Asking = {
  permissions: PermissionPolicy.optional(),
  budget: UsageBudget.optional(),
  /** Profiles that name the same account share its limits; the profile's own name where absent. */
  account: ProfileName.optional(),
};

/** 0 is success; Windows has codes of 32 bits. */
const FailingExitCode = z.string().regex(/^[1-9]\d{0,9}$/, 'an exit code is a whole number from 1 on');
const EXIT_RULE = 'it must be "never", or { "retryAfterMs": 30000 } with a time in milliseconds';

/** Programs whose exit code says whether another attempt helps. */
const Exiting = {
  exitCodes: z
    .record(
      FailingExitCode,
      z.union([z.literal('never'), z.strictObject({ retryAfterMs: RetryDelay })], { error: EXIT_RULE }),
    )
    .optional(),
};
export type ExitCodes = z.infer<typeof Exiting.exitCodes>;

/** What the profile says about another attempt after this exit code. */
export function rulingOf(exitCodes: ExitCodes, exitCode: number): RetryRuling | undefined {
  const rule = exitCodes?.[String(exitCode)];
  return rule === undefined || rule === 'never' ? rule : { afterMs: rule.retryAfterMs };
}

const Program = { command: z.string().min(1), args: z.array(z.string()).optional(), ...Environment };

/** How to start a kind of agent, as `config.json` says it. */
export const ProfileSettings = z.discriminatedUnion('protocol', [
  z.strictObject({ protocol: z.literal('shell'), ...Environment, ...Exiting }),
  z.strictObject({ protocol: z.literal('command'), ...Program, ...Exiting }),
  z.strictObject({
    protocol: z.literal('claude'),
    ...Program,
    ...Asking,
    /** The model to use, by a name that the agent knows; its own choice where absent. */
    model: z.string().min(1).optional(),
    /** What the agent may do unasked. It refuses `bypassPermissions` to root. */
    permissionMode: z.enum(['default', 'acceptEdits', 'plan', 'bypassPermissions']).optional(),
  }),
  z.strictObject({ protocol: z.literal('acp'), ...Program, ...Asking }),
  z.strictObject({ protocol: z.literal('codex'), ...Program, ...Asking }),
  z.strictObject({
    protocol: z.literal('mcp'),
    ...Program,
    tool: z.string().min(1),
    promptArgument: z.string().min(1),
  }),
]);
export type ProfileSettings = z.infer<typeof ProfileSettings>;

/** A profile under its name. */
export type AgentProfile = ProfileSettings & { readonly name: ProfileName };

/** The time of a profile that names none, in milliseconds: the tools of agents run for 10 minutes at most. */
const STALL_TIMEOUT_MS = 900_000;

/**
 * The longest time of a turn without any sign of life, in milliseconds; 0 for any time. A command of the user's own may
 * wait as long as it likes, unless its profile says otherwise.
 */
export function stallTimeoutOf({ protocol, stallTimeoutMs }: AgentProfile): number {
  const isOwnCommand = protocol === 'shell' || protocol === 'command';
  return stallTimeoutMs ?? (isOwnCommand ? 0 : STALL_TIMEOUT_MS);
}

/**
 * A profile as it is shown: `program` is where its program was found, `version` which one that is, as far as that is
 * known without speaking to it, `problem` why it cannot run.
 */
export const ListedProfile = z.object({
  name: ProfileName,
  protocol: Protocol,
  command: z.string().nullable(),
  program: z.string().nullable(),
  version: z.string().nullable(),
  problem: z.string().nullable(),
});
export type ListedProfile = z.infer<typeof ListedProfile>;
