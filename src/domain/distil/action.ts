import type { TestReport } from './test-report.js';

/** What a command line is for. `look` only reads; `step` is a commit, a merge and the like; `quiet` tells nothing. */
export type CommandKind =
  | 'test'
  | 'build'
  | 'lint'
  | 'install'
  | 'step'
  | 'write'
  | 'look'
  | 'version'
  | 'run'
  | 'quiet';

interface Taken {
  readonly toolUseId: string;
  readonly failed: boolean;
}

/** A command line. `label` is its telling part, such as `npm test`. */
export interface CommandAction extends Taken {
  readonly kind: 'command';
  readonly purpose: Exclude<CommandKind, 'quiet' | 'look' | 'write'>;
  readonly label: string;
  readonly exitCode: number | null;
  readonly report: TestReport | null;
  /** The first error that it told of. */
  readonly problem: string | null;
  readonly facts: readonly string[];
  /** What a commit is called. */
  readonly subject: string | null;
}

export interface EditedFile {
  readonly path: string;
  readonly change: 'made' | 'changed' | 'removed';
  /** Functions and classes in what changed. */
  readonly names: readonly string[];
}

export interface EditAction extends Taken {
  readonly kind: 'edit';
  readonly files: readonly EditedFile[];
  readonly problem: string | null;
}

/** Files, patterns and addresses that were looked at. */
export interface LookAction extends Taken {
  readonly kind: 'look';
  readonly files: readonly string[];
  readonly searches: readonly string[];
  readonly pages: readonly string[];
  readonly problem: string | null;
}

/** Work that another agent did. */
export interface DelegateAction extends Taken {
  readonly kind: 'delegate';
  readonly what: string;
  readonly who: string | null;
  readonly result: string;
}

/** A choice of the user's: an answer, an approved or rejected plan, a tool that was not allowed. */
export interface DecisionAction extends Taken {
  readonly kind: 'decision';
  readonly title: string;
  readonly facts: readonly string[];
}

/** A tool that we know nothing of, such as one of an MCP server. */
export interface CallAction extends Taken {
  readonly kind: 'call';
  readonly tool: string;
  readonly input: string;
  readonly result: string;
}

/** What one tool use did, in words that all agents share. */
export type Action = CommandAction | EditAction | LookAction | DelegateAction | DecisionAction | CallAction;
