import type { ServiceReport } from '../../application/lifecycle/service-board.js';
import type { LoopDelay, NoteWork } from '../../application/ports/event-loop.js';

/** What the interfaces know and may ask of the server that they belong to. */
export interface ServerInfo {
  readonly version: string;
  /** Names this run of the server; another run has another one. */
  readonly instanceId: string;
  readonly pid: number;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  /** The TCP port, or null while it does not listen. */
  port(): number | null;
  state(): 'starting' | 'ready' | 'draining';
  services(): readonly ServiceReport[];
  /** Is told what a request asks for, before it is answered. */
  readonly noteWork: NoteWork;
  loopDelay(): LoopDelay;
  /** Asks the server to drain and end. Returns at once. */
  shutdown(reason: string): void;
  /**
   * Asks the server to drain and end for one of this version. Says who starts that: `server` if its own installation is
   * this version by now, else `caller`. Returns at once.
   */
  replace(toVersion: string): 'server' | 'caller';
}
