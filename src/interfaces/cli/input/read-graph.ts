import { open } from 'node:fs/promises';
import { messageOf } from '../../../domain/shared/thrown.js';
import { usageError } from '../cli-error.js';

/** Longest graph, in bytes: with what is added to it, about what one request may have. */
const MAX_GRAPH_BYTES = 1_000_000;

/** A task of a graph as the user wrote it. The server says what is wrong with it. */
export type WrittenTask = Readonly<Record<string, unknown>>;

/** Reads `{ "tasks": [{ … }] }` from a file, or from stdin for `-`. */
export async function readGraph(path: string): Promise<readonly WrittenTask[]> {
  const name = path === '-' ? 'The graph on stdin' : path;
  const text = await readText(path, name);
  const tasks = readTasks(parse(text, name));
  if (tasks === undefined) {
    throw usageError(`${name} must be {"tasks": [{"name": "build", "prompt": "npm run build"}, …]}.`);
  }
  return tasks;
}

async function readText(path: string, name: string): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    const source = path === '-' ? process.stdin : (await open(path)).createReadStream();
    for await (const chunk of source as AsyncIterable<Buffer>) {
      chunks.push(chunk);
      bytes += chunk.length;
      if (bytes > MAX_GRAPH_BYTES) break;
    }
  } catch (error) {
    throw usageError(`${name} cannot be read: ${messageOf(error)}.`);
  }
  if (bytes <= MAX_GRAPH_BYTES) return Buffer.concat(chunks).toString('utf8');
  throw usageError(
    `${name} is too long: a graph has at most ${String(MAX_GRAPH_BYTES)} bytes; put long prompts into files and name them.`,
  );
}

function parse(text: string, name: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw usageError(`${name} is not valid JSON: ${messageOf(error)}.`);
  }
}

function readTasks(graph: unknown): readonly WrittenTask[] | undefined {
  const tasks: unknown = isObject(graph) && Object.keys(graph).length === 1 ? graph['tasks'] : undefined;
  return Array.isArray(tasks) && tasks.every(isObject) ? tasks : undefined;
}

function isObject(value: unknown): value is WrittenTask {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
