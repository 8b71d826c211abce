import type { AgentKind } from '../../domain/agent/agent-kind.js';
import type { AgentProfile } from '../../domain/agent/agent-profile.js';
import type { AgentRuntime } from './agent-runtime.js';

/** What the model of a probe says: some words and a command to run, and, when it ran, the last words. */
export interface ProbeScript {
  readonly opening: string;
  /** Prints `word`, and writes it to a file in the directory that it is run in. */
  readonly command: string;
  /** Random, and nowhere but in what the model says. */
  readonly word: string;
  readonly closing: string;
}

/** A place for one turn of an agent: an empty home and work directory, and a scripted model on loopback. */
export interface ProbeStage extends AsyncDisposable {
  readonly script: ProbeScript;
  /** The profile in this place: with nothing of the user's environment, and pointed to the model. */
  readonly profile: AgentProfile;
  /** Keeps its files in this place. */
  readonly runtime: AgentRuntime;
  /** Absolute path of the directory to work in. */
  readonly workspace: string;
  /** Whether the script's command was run in it. */
  ran(): Promise<boolean>;
  /** How often the model was asked so far. */
  asked(): number;
}

/** Opens a place for a profile that is an agent of this kind. */
export type OpenProbeStage = (profile: AgentProfile, kind: AgentKind) => Promise<ProbeStage>;
