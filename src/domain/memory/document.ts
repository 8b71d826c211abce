export type DocumentKind = 'observation' | 'summary' | 'note' | 'prompt';

/** What is searched: an observation, summary, note or prompt. Its key, and those of what it belongs to, are integers. */
export interface Document {
  readonly key: number;
  readonly kind: DocumentKind;
  /** An observation's type; for the others the same as the kind. */
  readonly type: string;
  readonly workspace: number;
  readonly session: number | null;
  /** When it was said or done, in milliseconds. */
  readonly at: number;
  /** Who said it: user, agent, a name; null where nobody did. */
  readonly who: string | null;
  readonly title: string;
  readonly body: string;
  readonly files: readonly string[];
  readonly concepts: readonly string[];
  readonly pinned: boolean;
}
