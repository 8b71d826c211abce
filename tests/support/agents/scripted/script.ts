/** A tool that a scripted agent uses, such as a command of a shell. */
export interface Tool {
  readonly id: string;
  readonly command: string;
  readonly output?: string;
}

/** What a scripted agent does in its turn, whatever its protocol: a prompt that is a JSON list of these. */
export interface Step {
  readonly say?: string;
  readonly think?: string;
  readonly tool?: Tool;
  /** Asks leave for a tool, unless it was always allowed before; `twice` with the same request again. */
  readonly ask?: Tool & { readonly reason?: string; readonly twice?: boolean };
  /** A line as it is. */
  readonly line?: string;
  /** A text without an end. */
  readonly half?: string;
  /** Tells something of a kind to come. */
  readonly news?: string;
  /** A tool's output of so many characters, in one line. */
  readonly long?: number;
  /** So many small pieces of text. */
  readonly flood?: number;
  /** Starts a program in a session of its own, which writes its pid there. */
  readonly fork?: string;
  /** Waits for words into the turn and repeats them. */
  readonly steered?: boolean;
  /** Does nothing more, until it is interrupted. */
  readonly hang?: boolean;
  readonly die?: number;
  /** Ends the turn with a limit of the account, a fault of the model's API, or because nobody is signed in. */
  readonly fail?: Failure;
}

export type Failure = 'limit' | 'api' | 'sign-in';

/** How a scripted agent behaves at large: the JSON after `--habits`. */
export interface Habits {
  /** Never answers its greeting. */
  readonly mute?: boolean;
  /** Speaks a version to come. */
  readonly future?: boolean;
  /** Asks something of its own before it answers its greeting, and waits for the answer. */
  readonly early?: boolean;
  /** Ignores SIGTERM, interrupts and the end of its input. */
  readonly stubborn?: boolean;
  /** Refuses to take a conversation up. */
  readonly forgetful?: boolean;
  /** Ends before it writes this message, counted from 1. */
  readonly dieAt?: number;
  /** Does not end with its input. */
  readonly endless?: boolean;
}

/** When the limit of a `fail` is reset, in milliseconds. */
export const LIMIT_RESETS_AT = 2_000_000_000_000;
