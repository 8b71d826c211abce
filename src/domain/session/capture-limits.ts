/** Longest text of a prompt or an answer that is kept, in UTF-16 code units; of a longer one, head and tail. */
export const MAX_SAID_LENGTH = 65_536;
/** Longest input of a tool use that is kept, likewise. It tells what was done; a file that is written is on the disk. */
export const MAX_INPUT_LENGTH = 16_384;
/** Longest result of a tool use that is kept, likewise. What failed stands at the end of an output, what ran at its head. */
export const MAX_RESULT_LENGTH = 16_384;
/** Longest name of a tool, and longest id that an agent gives to a call, a turn, a subagent or a session. */
export const MAX_NAME_LENGTH = 200;
/** Longest path, in UTF-16 code units: what Linux takes. */
export const MAX_PATH_LENGTH = 4_096;
