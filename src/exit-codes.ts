/** What `cw` and its server end with, as contracts.md names it. */
export const EXIT = {
  done: 0,
  failed: 1,
  usage: 2,
  notFound: 3,
  notAllowed: 4,
  /** EX_UNAVAILABLE: somebody else holds the port. */
  portTaken: 69,
  /** EX_TEMPFAIL: another server owns this CW_HOME. */
  otherServer: 75,
  /** EX_CONFIG: the configuration or the database cannot be used. */
  configuration: 78,
  /** 128 + SIGINT. */
  interrupted: 130,
} as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];
