import { readFileSync, statSync } from 'node:fs';
import { z } from 'zod';
import { ProfileSettings } from './domain/agent/agent-profile.js';
import { codeOf, messageOf } from './domain/shared/thrown.js';
import { RetryRules } from './domain/task/retry-rules.js';
import { MAX_ATTEMPTS, MAX_TIMEOUT_MS, ProfileName } from './domain/task/task.js';
import { ConfigurationError } from './environment.js';

const Count = z.int().min(0).max(1_000_000_000);
const Milliseconds = z.int().min(0).max(MAX_TIMEOUT_MS);

/** Every tool use is held against each of them. */
const MAX_EXCLUDES = 200;
/** A glob for paths, or `tool:` and a glob for names of tools. "Everything but …" would exclude by mistake. */
const ExcludePattern = z
  .string()
  .max(1_000)
  .refine((text) => !text.startsWith('!'), { message: 'a pattern must not start with "!"' })
  .refine((text) => text !== '' && text !== 'tool:', { message: 'a pattern must not be empty' });

const MAX_KEPT = 1_000_000_000;
const DAYS_OR_MB = 'it must be a whole number from 1 on, or "forever" to keep everything';
/** 0 would keep nothing, and is more likely a mistake than a wish. */
const Kept = z
  .union([z.int(), z.literal('forever')], { error: DAYS_OR_MB })
  .refine((kept) => kept === 'forever' || (kept >= 1 && kept <= MAX_KEPT), { message: DAYS_OR_MB });

const UsdPerMillion = z.number().min(0).max(100_000);
const NO_DISTILLER =
  'it must be "rules", an object with provider, model and apiKeyEnv, or one with agent, the name of a profile';

/** What of a model may be spent, and what it costs. */
const Spending = {
  dailyTokens: Count.default(1_000_000),
  sessionTokens: Count.default(200_000),
  dailyUsd: z.number().min(0).max(100_000).optional(),
  prices: z.strictObject({ inputUsdPerMillion: UsdPerMillion, outputUsdPerMillion: UsdPerMillion }).optional(),
};
const isCountable = ({ dailyUsd, prices }: { dailyUsd?: number | undefined; prices?: object | undefined }) =>
  dailyUsd === undefined || prices !== undefined;
const NOT_COUNTABLE = {
  path: ['prices'],
  message: 'it must be given with dailyUsd: without prices no money can be counted',
};

/** A model that distils. The key is never in the file: `apiKeyEnv` names the variable that holds it. */
const ModelDistiller = z
  .strictObject({
    provider: z.enum(['anthropic', 'openai']),
    model: z.string().min(1).max(200),
    baseUrl: z.url({ protocol: /^https?$/ }).optional(),
    apiKeyEnv: z.string().regex(/^[A-Za-z_][A-Za-z0-9_]{0,127}$/, 'it must be the name of an environment variable'),
    timeoutMs: z.int().min(1_000).max(600_000).default(60_000),
    ...Spending,
  })
  .refine(isCountable, NOT_COUNTABLE);

/** An agent that distils: its program is started for each call. */
const AgentDistiller = z
  .strictObject({ agent: ProfileName, timeoutMs: z.int().min(1_000).max(600_000).default(120_000), ...Spending })
  .refine(isCountable, NOT_COUNTABLE);

/** A model that says what texts mean, over an API as OpenAI's. A server of one's own may ask for no key. */
const Embedder = z.strictObject({
  model: z.string().min(1).max(200),
  baseUrl: z.url({ protocol: /^https?$/ }).optional(),
  apiKeyEnv: z
    .string()
    .regex(/^[A-Za-z_][A-Za-z0-9_]{0,127}$/, 'it must be the name of an environment variable')
    .optional(),
  dimensions: z.int().min(8).max(8_192).multipleOf(8).optional(),
  timeoutMs: z.int().min(1_000).max(600_000).default(30_000),
});

/** Slowest aging, in milliseconds: a year. Slower is a mistake in units. */
const MAX_AGING_MS = 365 * 24 * 3_600_000;

/** The shape of `config.json`; what is left out has the default that stands here. */
export const Config = z.strictObject({
  defaultAgent: ProfileName.default('claude'),
  pool: z
    .strictObject({
      min: z.int().min(0).max(256).default(0),
      max: z.int().min(1).max(256).default(2),
      idleTimeoutMs: Milliseconds.default(60_000),
      maxPerWorkspace: z.int().min(1).max(256).default(2),
    })
    .refine(({ min, max }) => min <= max, { path: ['min'], message: 'it must not be more than pool.max' })
    .prefault({}),
  tasks: z
    .strictObject({
      maxAttempts: z.int().min(1).max(MAX_ATTEMPTS).default(3),
      backoffMs: Milliseconds.default(1_000),
      backoffMaxMs: Milliseconds.default(300_000),
      retry: RetryRules.optional(),
      timeoutMs: z.int().min(1).max(MAX_TIMEOUT_MS).default(3_600_000),
      maxPending: z.int().min(1).max(10_000_000).default(1_000_000),
      agingMs: z.int().min(1).max(MAX_AGING_MS).optional(),
    })
    .prefault({}),
  agents: z.record(ProfileName, ProfileSettings).default({}),
  memory: z
    .strictObject({
      enabled: z.boolean().default(true),
      distiller: z
        .union([z.literal('rules'), ModelDistiller, AgentDistiller], { error: NO_DISTILLER })
        .default('rules'),
      vectors: Embedder.optional(),
      contextTokens: Count.default(2_000),
      exclude: z.array(ExcludePattern).max(MAX_EXCLUDES).default(['**/.env*']),
    })
    .prefault({}),
  retention: z
    .strictObject({
      eventsDays: Kept.default(30),
      finishedTasksDays: Kept.default(90),
      toolUseTextDays: Kept.default(30),
      runOutputMb: Kept.default(2_048),
    })
    .prefault({}),
  durability: z.enum(['full', 'normal']).default('full'),
});
export type Config = z.infer<typeof Config>;

/** Largest file that can be a configuration; a larger one was named by mistake. */
const MAX_CONFIG_BYTES = 1_048_576;

/** Reads and checks `config.json`; a file that is not there is an empty one. Throws a ConfigurationError. */
export function loadConfig(file: string): Config {
  return checkConfig(readConfigFile(file), file);
}

/** The JSON document in the file, unchecked; `{}` without a file. Throws a ConfigurationError. */
export function readConfigFile(file: string): unknown {
  let text: string;
  try {
    if (statSync(file).size > MAX_CONFIG_BYTES) throw new Error('it is over 1 MiB, and no configuration is');
    // Some editors begin a file with a byte order mark.
    text = readFileSync(file, 'utf8').replace(/^\uFEFF/, '');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return {};
    throw new ConfigurationError(`Cannot read ${file}: ${messageOf(error)}.`);
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new ConfigurationError(`${file} is not valid JSON: ${messageOf(error)}.`);
  }
}

/** Checks a document and fills in the defaults. Throws a ConfigurationError with the path of the value that is wrong. */
export function checkConfig(document: unknown, file: string): Config {
  const checked = Config.safeParse(document);
  if (checked.success) return checked.data;
  const [issue] = checked.error.issues;
  if (issue === undefined) throw new ConfigurationError(`${file} cannot be used.`);
  const unknown = issue.code === 'unrecognized_keys' ? issue.keys[0] : undefined;
  const path = [...issue.path.map(String), ...(unknown === undefined ? [] : [unknown])].join('.');
  const message = issue.code === 'invalid_key' ? (issue.issues[0]?.message ?? issue.message) : issue.message;
  const what = unknown === undefined ? lowerFirst(message) : 'there is no such setting';
  throw new ConfigurationError(`In ${file}, ${path === '' ? 'the document' : path}: ${what}.`);
}

function lowerFirst(message: string): string {
  return (message.charAt(0).toLowerCase() + message.slice(1)).replace(/\.$/, '');
}
