import { z } from 'zod';
import { matchesGlob } from '../shared/matches-glob.js';
import { toolPaths } from '../tool-use/tool-paths.js';

/** More rules than this are a mistake: each is looked at for each request. */
const MAX_RULES = 100;
/** How long an agent waits for a person before its task is put aside, unless the profile says otherwise: 10 minutes. */
const ANSWER_TIMEOUT_MS = 600_000;
/** Longest wait that a profile may ask for: a day, in milliseconds. The agent keeps its place in the pool meanwhile. */
const MAX_ANSWER_TIMEOUT_MS = 86_400_000;

const Verdict = z.enum(['ask', 'allow', 'deny']);

/** `tool` and `path` are globs (`*` stands for anything); a rule without `path` fits whatever the tool touches. */
const PermissionRule = z.strictObject({
  tool: z.string().min(1),
  path: z.string().min(1).optional(),
  decide: Verdict,
});

/** What a profile says about the tools that its agents ask leave for. The first rule that fits counts. */
export const PermissionPolicy = z.strictObject({
  default: Verdict.default('ask'),
  rules: z.array(PermissionRule).max(MAX_RULES).default([]),
  timeoutMs: z.int().min(1_000).max(MAX_ANSWER_TIMEOUT_MS).default(ANSWER_TIMEOUT_MS),
});
export type PermissionPolicy = z.infer<typeof PermissionPolicy>;

export const DEFAULT_POLICY: PermissionPolicy = PermissionPolicy.parse({});

export interface PolicyVerdict {
  readonly decide: z.infer<typeof Verdict>;
  /** Which rule it was, in words. */
  readonly reason: string;
}

/**
 * What the policy says to a tool. An `allow` with a path fits only when every file that the tool names lies there and
 * it names one; `ask` and `deny` fit when any does: in doubt the careful answer counts. Paths are compared below the
 * workspace.
 */
export function judge(
  { rules, default: otherwise }: PermissionPolicy,
  { tool, input, workspace }: { readonly tool: string; readonly input: unknown; readonly workspace: string },
): PolicyVerdict {
  const { read, modified, named } = toolPaths({ name: tool, input });
  const paths = [...read, ...modified, ...named].map((path) => below(workspace, path));
  for (const [index, { tool: toolGlob, path: pathGlob, decide }] of rules.entries()) {
    if (!matchesGlob(tool, toolGlob) || !fitsPath(paths, pathGlob, decide)) continue;
    const where = pathGlob === undefined ? '' : ` in ${pathGlob}`;
    return { decide, reason: `rule ${String(index + 1)}: ${decide} ${toolGlob}${where}` };
  }
  return { decide: otherwise, reason: `no rule fits; the default is ${otherwise}` };
}

function fitsPath(paths: readonly string[], glob: string | undefined, decide: PolicyVerdict['decide']): boolean {
  if (glob === undefined) return true;
  const fits = (path: string) => !path.split(/[\\/]/).includes('..') && matchesGlob(path, glob);
  return decide === 'allow' ? paths.length > 0 && paths.every(fits) : paths.some((path) => matchesGlob(path, glob));
}

function below(workspace: string, path: string): string {
  return path.startsWith(`${workspace}/`) ? path.slice(workspace.length + 1) : path;
}
