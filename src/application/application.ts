import { type AgentPool, createAgentPool } from './agent/agent-pool.js';
import { type AttemptRunner, createAttemptRunner } from './agent/attempt-runner.js';
import { createCheckAgent } from './agent/check-agent.js';
import type { Grants } from './agent/grants.js';
import { createHandResults } from './agent/hand-results.js';
import { createGetAgent, createListAgents } from './agent/list-agents.js';
import { createProbeAgent } from './agent/probe/probe-agent.js';
import type { Runtimes } from './agent/start-agent.js';
import type { StopAgent } from './agent/stop-agent.js';
import { createTrials } from './agent/trials.js';
import { createKeepAnswer } from './agent/turn/keep-answer.js';
import { createOpenStallClock } from './agent/turn/stall-clock.js';
import { createOpenTurnBudget } from './agent/turn/turn-budget.js';
import { createOpenTurnPermissions } from './agent/turn/turn-permissions.js';
import { createOpenTurnRecorder } from './agent/turn/turn-recorder.js';
import { createWatchAgents } from './agent/watch-agents.js';
import { createCountNewest } from './context/count-newest.js';
import { createGetContext } from './context/get-context.js';
import { createListHandedContexts } from './context/list-handed-contexts.js';
import { createMakeContext } from './context/make-context.js';
import { createSessionContext } from './context/session-context.js';
import type { Dependencies } from './dependencies.js';
import { createClearDistiller } from './distil/clear-distiller.js';
import { createDistilByModel, type ModelDistiller } from './distil/distil-by-model.js';
import { createDistilByRules } from './distil/distil-by-rules.js';
import { createDistilToolUses } from './distil/distil-tool-uses.js';
import { createModelRest } from './distil/model-rest.js';
import { createSessionBell } from './distil/session-bell.js';
import { createListEvents } from './event/list-events.js';
import { createWatchEvents } from './event/watch-events.js';
import { createRecover } from './lifecycle/recover.js';
import { createTakeOver } from './lifecycle/take-over.js';
import { createListLimits } from './limit/list-limits.js';
import { createProveAccount } from './limit/prove-account.js';
import { createReopenAccount } from './limit/reopen-account.js';
import { createExportMemory } from './memory/export-memory.js';
import { createForget } from './memory/forget.js';
import { createImportClaudeMem } from './memory/import-claude-mem.js';
import { createImportMemory } from './memory/import-memory.js';
import { createPrune } from './memory/prune.js';
import { createRequeue } from './memory/requeue.js';
import { createSearchMemory } from './memory/search-memory.js';
import { createShowTimeline } from './memory/show-timeline.js';
import { createAddNote } from './observation/add-note.js';
import { createGetObservations } from './observation/get-observations.js';
import { createListObservations } from './observation/list-observations.js';
import { createWatchObservations } from './observation/watch-observations.js';
import { createAnswerPermission } from './permission/answer-permission.js';
import { createAskPermission } from './permission/ask-permission.js';
import { createGetPermission, createListPermissions } from './permission/list-permissions.js';
import { createParkForAnswer } from './permission/park-for-answer.js';
import { createPermissionDesk } from './permission/permission-desk.js';
import { createWithdrawPermissions } from './permission/withdraw-permissions.js';
import { createPersistentTransaction } from './persistent-transaction.js';
import type { AgentFiles } from './ports/agent-files.js';
import type { SweepRuns } from './ports/agent-runtime.js';
import type { TokenFiles } from './ports/agent-secrets.js';
import type { AttemptFiles } from './ports/attempt-files.js';
import type { DistillerPlace } from './ports/distiller-place.js';
import type { Embedder } from './ports/embedder.js';
import type { NewRunId } from './ports/ids.js';
import type { LookAtRun } from './ports/look-at-run.js';
import type { OpenProbeStage } from './ports/probe-stage.js';
import type { TakeBackup } from './ports/take-backup.js';
import type { OpenTemporaryDirectory } from './ports/temporary-directory.js';
import type { Timer } from './ports/timer.js';
import { createLimitQueue } from './queue/limit-queue.js';
import { createListQueueLimits } from './queue/list-queue-limits.js';
import { createPauseQueue } from './queue/pause-queue.js';
import { createQueueMeter } from './queue/queue-meter.js';
import { createQueueStats } from './queue/queue-stats.js';
import { createPruneExpired, type RetentionDependencies } from './retention/prune-expired.js';
import { createAddSchedule } from './schedule/add-schedule.js';
import { createPauseSchedule, createRemoveSchedule, createResumeSchedule } from './schedule/change-schedule.js';
import { createFireSchedule } from './schedule/fire-schedule.js';
import { createGetSchedule, createListSchedules } from './schedule/list-schedules.js';
import { createRealignSchedules } from './schedule/realign-schedules.js';
import { createRunSchedule } from './schedule/run-schedule.js';
import { createCapture } from './session/capture.js';
import {
  type ChangeSession,
  createCloseSession,
  createEndSession,
  createPauseSession,
  createResumeSession,
} from './session/change-session.js';
import { createCloseIdleSessions } from './session/close-idle-sessions.js';
import { createCountToolUses } from './session/count-tool-uses.js';
import { createHandOver } from './session/hand-over.js';
import { createJoinConversation } from './session/join-conversation.js';
import { createListPrompts } from './session/list-prompts.js';
import { createGetSession, createListSessions } from './session/list-sessions.js';
import { createOpeningConversations } from './session/opening-conversations.js';
import { createRecordAnswer, type RecordAnswer } from './session/record-answer.js';
import { createRecordPrompt } from './session/record-prompt.js';
import { createRecordToolUses } from './session/record-tool-uses.js';
import { createSendPrompt } from './session/send-prompt.js';
import { createStartSession } from './session/start-session.js';
import { createWatchSessions } from './session/watch-sessions.js';
import { createGetSummary, createSummarizeSession } from './summary/get-summary.js';
import { createMakeSummary } from './summary/make-summary.js';
import { summarizeByRules } from './summary/summarize-by-rules.js';
import { createGetStatus } from './system/get-status.js';
import { createTakeBackup } from './system/take-backup.js';
import { createCancelTasks } from './task/bulk/cancel-many.js';
import { createCountTasks } from './task/bulk/count-tasks.js';
import { createDiscardTasks } from './task/bulk/discard-many.js';
import { createRetryTasks } from './task/bulk/retry-many.js';
import { createCancelTask } from './task/cancel-task.js';
import { createChangeTask } from './task/change-task.js';
import { createClaimTasks } from './task/claim-tasks.js';
import { createCompleteTask } from './task/complete-task.js';
import { createDiscardTask } from './task/discard-task.js';
import { createEnqueueGraph } from './task/enqueue-graph.js';
import { createEnqueueTask, createEnqueueTasks } from './task/enqueue-task.js';
import { createExpireTasks } from './task/expire-tasks.js';
import { createFailTask } from './task/fail-task.js';
import { createGetResults, createReadResults } from './task/get-results.js';
import { createGetResult, createGetTask } from './task/get-task.js';
import { createGetTaskTree } from './task/get-task-tree.js';
import { createInterruptTask } from './task/interrupt-task.js';
import { createListTasks } from './task/list-tasks.js';
import { createParkForSession } from './task/park-task.js';
import { createProgressTask } from './task/progress-task.js';
import { createReleaseDueTasks } from './task/release-due-tasks.js';
import { createRetryTask } from './task/retry-task.js';
import { createStartTask } from './task/start-task.js';
import { createWatchOutput } from './task/watch-output.js';
import { createWatchTask } from './task/watch-task.js';
import { createGetUsage } from './usage/get-usage.js';
import { createNoteUsage, createUsedSoFar } from './usage/note-usage.js';
import { createEmbedQuestion } from './vectors/embed-question.js';
import { createAddWorkspace } from './workspace/add-workspace.js';
import { createFindWorkspace } from './workspace/find-workspace.js';
import { createListFiles } from './workspace/list-files.js';
import { createGetWorkspace, createListWorkspaces } from './workspace/list-workspaces.js';
import { createRemoveWorkspace } from './workspace/remove-workspace.js';
import { createListSameRepository } from './workspace/same-repository.js';
import { createInspectWorkspace, createScanWorkspace } from './workspace/scan-workspace.js';
import { createWatchWorkspaces } from './workspace/watch-workspaces.js';

/** What running agents needs beyond what use cases do. `owner` is this server's instance id. */
export interface AgentDependencies {
  readonly runtimes: Runtimes;
  /** Parts with the agents' processes, which run on for a later server. */
  readonly leaveAgents: () => void;
  readonly attemptFiles: AttemptFiles;
  readonly sweepRuns: SweepRuns;
  readonly lookAtRun: LookAtRun;
  readonly grants: Grants;
  readonly tokenFiles: TokenFiles;
  readonly agentFiles: AgentFiles;
  readonly newRunId: NewRunId;
  readonly openTemporaryDirectory: OpenTemporaryDirectory;
  readonly openProbeStage: OpenProbeStage;
  readonly timer: Timer;
  readonly owner: string;
  /** Aborted when the server begins to close. */
  readonly closing: AbortSignal;
}

/** What distilling needs beyond the rules: a model, if one is configured. */
export interface DistilDependencies {
  readonly model: ModelDistiller | null;
  readonly distillerPlace: DistillerPlace;
}

/** What looking after the storage needs. */
export interface SystemDependencies extends RetentionDependencies {
  readonly takeBackup: TakeBackup;
}

/** What searching by meaning needs: an embedder, if one is configured. */
export interface VectorDependencies {
  readonly embedder: Embedder | null;
}

/** Every use case of the product. */
export function createApplication(
  needs: Dependencies & AgentDependencies & DistilDependencies & VectorDependencies & SystemDependencies,
) {
  const { embedder } = needs;
  const embedQuestion = embedder === null ? null : createEmbedQuestion({ ...needs, embedder });
  const happened = { ...needs, transaction: createPersistentTransaction(needs) };
  const pool: AgentPool = createAgentPool(happened);

  const trials = createTrials();

  const claimTasks = createClaimTasks(needs);
  const releaseDueTasks = createReleaseDueTasks(needs);
  const startTask = createStartTask(happened);
  const progressTask = createProgressTask(happened);
  const completeTask = createCompleteTask(happened);
  const failTask = createFailTask(happened);
  const interruptTask = createInterruptTask(happened);
  const attempts = { startTask, progressTask, completeTask, failTask, interruptTask };
  const queueMeter = createQueueMeter(needs);
  const queueStats = createQueueStats({ ...needs, queueMeter });
  const listLimits = createListLimits(needs);
  const turnEnds = createSessionBell();
  const requeues = createSessionBell();
  const rest = createModelRest(needs);
  const hasModel = needs.model !== null;
  const capturing = { ...needs, capture: createCapture(needs) };
  const opening = createOpeningConversations();
  const recordAnswer = createRecordAnswer(capturing);
  const desk = createPermissionDesk();
  const askPermission = createAskPermission(happened);
  const getPermission = createGetPermission(needs);
  const usedSoFar = createUsedSoFar(needs);
  const openTurnRecorder = createOpenTurnRecorder({
    ...needs,
    openTurnPermissions: createOpenTurnPermissions({ ...needs, desk, askPermission, getPermission }),
    openTurnBudget: createOpenTurnBudget({
      ...needs,
      noteUsage: createNoteUsage(happened),
      usedSoFar,
      askPermission,
    }),
    openStallClock: createOpenStallClock({
      ...needs,
      runIdOf: (agentId) => needs.transaction(async ({ agents }) => (await agents.get(agentId)).runId),
    }),
    proveAccount: createProveAccount(happened),
    withdrawPermissions: createWithdrawPermissions(happened),
    progressTask,
    joinConversation: createJoinConversation(happened),
    opening,
    recordToolUses: createRecordToolUses({ ...happened, capture: capturing.capture }),
    keepAnswer: createKeepAnswer(happened),
  });
  const handOver = createHandOver(needs);
  const parkForAnswer = createParkForAnswer(happened);
  const parkForSession = createParkForSession(happened);
  const handResults = createHandResults({ ...needs, readResults: createReadResults(needs) });
  const turns = { openTurnRecorder, handOver, handResults, parkForAnswer, parkForSession };
  const pauseSession = createPauseSession(needs);
  const runner: AttemptRunner = createAttemptRunner({ ...needs, ...attempts, ...turns, pool });
  const makeSummary = createMakeSummary({ ...happened, summarize: summarizeByRules });
  const makeContext = createMakeContext(needs);
  const rules = createDistilByRules(needs);
  const distil = needs.model === null ? rules : createDistilByModel({ ...happened, model: needs.model, rest, rules });

  return {
    enqueueTask: createEnqueueTask(needs),
    enqueueTasks: createEnqueueTasks(needs),
    enqueueGraph: createEnqueueGraph(needs),
    getTask: createGetTask(needs),
    listTasks: createListTasks(needs),
    getResult: createGetResult(needs),
    getResults: createGetResults(needs),
    getTaskTree: createGetTaskTree(needs),
    getUsage: createGetUsage(needs),
    cancelTask: createCancelTask(needs),
    changeTask: createChangeTask(needs),
    retryTask: createRetryTask(needs),
    discardTask: createDiscardTask(needs),
    countTasks: createCountTasks(needs),
    cancelTasks: createCancelTasks(needs),
    retryTasks: createRetryTasks(needs),
    discardTasks: createDiscardTasks(needs),
    watchTask: createWatchTask(needs),
    watchOutput: createWatchOutput(needs),
    ...attempts,

    claimTasks,
    releaseDueTasks,
    expireTasks: createExpireTasks(needs),
    pauseQueue: createPauseQueue(needs),
    limitQueue: createLimitQueue(needs),
    listQueueLimits: createListQueueLimits(needs),
    queueStats,
    queueMeter,

    addSchedule: createAddSchedule(needs),
    getSchedule: createGetSchedule(needs),
    listSchedules: createListSchedules(needs),
    pauseSchedule: createPauseSchedule(needs),
    resumeSchedule: createResumeSchedule(needs),
    removeSchedule: createRemoveSchedule(needs),
    runSchedule: createRunSchedule(needs),
    fireSchedule: createFireSchedule(needs),
    realignSchedules: createRealignSchedules(needs),

    getAgent: createGetAgent(needs),
    listAgents: createListAgents(needs),
    listProfiles: () => needs.profiles.list(),
    checkAgent: createCheckAgent({ ...needs, trials }),
    probeAgent: createProbeAgent({ ...needs, trials }),
    trials,
    listLimits,
    reopenAccount: createReopenAccount(needs),
    stopAgent: ({ agentId }: StopAgent) => runner.stopAgent(agentId),
    watchAgents: createWatchAgents(needs),

    getSession: createGetSession(needs),
    listSessions: createListSessions(needs),
    listPrompts: createListPrompts(needs),
    countToolUses: createCountToolUses(needs),
    pauseSession: async (command: ChangeSession) => {
      const session = await pauseSession(command);
      if (session.taskId !== null) await runner.paused(session.taskId, session.id);
      return session;
    },
    resumeSession: createResumeSession(needs),
    closeSession: createCloseSession(needs),
    sendPrompt: createSendPrompt({ ...needs, steer: (taskId, text) => runner.steer(taskId, text) }),
    watchSessions: createWatchSessions(needs),

    startSession: createStartSession({ ...capturing, opening }),
    recordPrompt: createRecordPrompt(capturing),
    recordAnswer: async (command: RecordAnswer) => {
      const answer = await recordAnswer(command);
      if (answer !== null) turnEnds.ring(answer.sessionId);
      return answer;
    },
    recordToolUses: createRecordToolUses(capturing),
    endSession: createEndSession(needs),
    closeIdleSessions: createCloseIdleSessions(needs),

    answerPermission: createAnswerPermission({ ...needs, desk }),
    getPermission,
    listPermissions: createListPermissions(needs),

    getObservations: createGetObservations(needs),
    listObservations: createListObservations(needs),
    searchMemory: createSearchMemory({ ...needs, embedQuestion }),
    showTimeline: createShowTimeline(needs),
    watchObservations: createWatchObservations(needs),
    distilToolUses: createDistilToolUses({ ...happened, distil }),
    clearDistiller: createClearDistiller(needs),
    turnEnds,
    requeues,
    requeue: createRequeue({
      ...needs,
      hasModel,
      takeUp: (sessionId) => {
        // Who asks for it wants the model to be tried now.
        rest.end();
        requeues.ring(sessionId);
      },
    }),

    addNote: createAddNote(needs),
    forget: createForget(needs),
    prune: createPrune(needs),
    exportMemory: createExportMemory(needs),
    importMemory: createImportMemory(needs),
    importClaudeMem: createImportClaudeMem(needs),

    getSummary: createGetSummary(needs),
    summarizeSession: createSummarizeSession({ ...needs, makeSummary }),
    makeSummary,

    getContext: createGetContext({ ...needs, makeContext }),
    sessionContext: createSessionContext({ ...needs, makeContext }),
    listHandedContexts: createListHandedContexts(needs),
    countNewest: createCountNewest(needs),

    addWorkspace: createAddWorkspace(needs),
    removeWorkspace: createRemoveWorkspace(needs),
    getWorkspace: createGetWorkspace(needs),
    listWorkspaces: createListWorkspaces(needs),
    findWorkspace: createFindWorkspace(needs),
    listSameRepository: createListSameRepository(needs),
    scanWorkspace: createScanWorkspace(needs),
    inspectWorkspace: createInspectWorkspace(needs),
    repositories: needs.repositories,
    listFiles: createListFiles(needs),
    watchWorkspaces: createWatchWorkspaces(needs),

    listEvents: createListEvents(needs),
    watchEvents: createWatchEvents(needs),

    getStatus: createGetStatus({ ...needs, queueStats, listLimits, pool, hasModel }),
    takeBackup: createTakeBackup(needs),
    pruneExpired: createPruneExpired(needs),
    recover: createRecover({ ...needs, takeOver: createTakeOver({ ...needs, pool, runner }) }),
    pool,
    runner,
    leaveAgents: needs.leaveAgents,
  };
}

export type Application = ReturnType<typeof createApplication>;
