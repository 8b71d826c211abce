/**
 * The watchdog: a thread that ends the process when the event loop of the main thread is dead, because nothing in that
 * thread could. It sleeps, asks the main thread for a sign of life, and sleeps again; it has no event loop of its own.
 */
import { appendFileSync, fstatSync, writeSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import { createDeadLoopJudge } from './dead-loop.js';
import type { WatchdogTask } from './watchdog-task.js';
import { whatRan } from './what-ran.js';
import { openWorkNotes } from './work-notes.js';

const OWNER_ONLY = 0o600;
const STDERR = 2;
/** Pino's number for what ends the process. */
const FATAL = 60;
/** The last pieces of work that are told. */
const TOLD = 8;

const { buffer, deadMs, lookMs, logFile } = workerData as WatchdogTask;
const notes = openWorkNotes(buffer);
const isDead = createDeadLoopJudge({ deadMs, lookMs });

for (let askedAt: number | undefined; !notes.waitForStop(lookMs); ) {
  const beats = notes.beats();
  // Whoever debugs holds the main thread for as long as it takes; the thread itself is not held.
  if (isDead(beats, performance.now()) && !notes.isDebugged()) endProcess();
  // One question at a time, or a thread that is held would find a heap of them.
  if (beats !== askedAt) parentPort?.postMessage('Are you alive?');
  askedAt = beats;
}

function endProcess(): void {
  try {
    tell();
  } finally {
    // Neither an exit code nor a handler: `process.exit` would end only this thread, and handlers run in the other one.
    process.kill(process.pid, 'SIGKILL');
  }
}

function tell(): void {
  const last = notes.from(Math.max(0, notes.count() - TOLD));
  const ran = whatRan(last, last.at(-1)?.at ?? 0).map(({ what, times }) => ({ what, times }));
  const latest = last.at(-1)?.what ?? 'nothing that was noted';
  const msg = `the event loop was dead for ${deadMs / 1_000} s, so the process was ended; it was last at work on: ${latest}`;
  const line = { level: FATAL, time: new Date().toISOString(), pid: process.pid, latest, ran, msg };
  appendFileSync(logFile, `${JSON.stringify(line)}\n`, { mode: OWNER_ONLY });
  const stderr = fstatSync(STDERR);
  // A pipe that nobody reads would hold this thread as well.
  if (stderr.isFile()) writeSync(STDERR, `The server ended itself: ${msg}.\n`);
}
