/**
 * The version of an agent's program: `command` as its profile names it, `program` its absolute path. Null where it is
 * not known without speaking to it. Never rejects.
 */
export type ProgramVersion = (command: string, program: string) => Promise<string | null>;
