/** What the watchdog thread is started with. */
export interface WatchdogTask {
  readonly buffer: SharedArrayBuffer;
  readonly deadMs: number;
  readonly lookMs: number;
  /** Where its last word goes: the server's log. */
  readonly logFile: string;
}
