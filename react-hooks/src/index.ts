export {
  type ClientOptions,
  type FollowOptions,
  type FollowRunOptions,
  RealtimeClient,
} from './client/client.js';
export type { Credential } from './client/credentials.js';
export { RealtimeError } from './client/errors.js';
export type { ConnectionState } from './client/feed/feedState.js';
export {
  batchFeed,
  environmentFeed,
  feedPath,
  type Narrowing,
  type RealtimeRunSkipColumns,
  type RunFilter,
  runFeed,
  type SkipColumn,
  tagFeed,
} from './client/feed/feeds.js';
export type { InitialData } from './client/feed/initialData.js';
export type { RunHandle } from './client/rest.js';
export type { Json, RealtimeRun, RunStatus, SerializedError } from './client/run/run.js';
export type {
  AnyTask,
  InferStreamType,
  TaskIdentifier,
  TaskOutput,
  TaskPayload,
} from './client/run/task.js';
export type { StreamOptions } from './client/stream/chunks.js';
export type { StreamPart } from './client/stream/parts.js';
export type { RunStream } from './client/stream/runStream.js';
export type { AccessToken } from './client/token.js';
export type { TriggerOptions } from './client/trigger.js';
export {
  type TriggerAuth,
  TriggerAuthContext,
  useTriggerAuthContext,
  useTriggerAuthContextOptional,
} from './react/TriggerAuthContext.js';
export { type UseApiClientOptions, useApiClient } from './react/useAccess.js';
export { type InputStreamSendInstance, useInputStreamSend } from './react/useInputStreamSend.js';
export { type UseRealtimeCountsInstance, useRealtimeCounts } from './react/useRealtimeCounts.js';
export {
  type UseRealtimeRunInstance,
  type UseRealtimeSingleRunOptions,
  useRealtimeRun,
} from './react/useRealtimeRun.js';
export {
  type UseRealtimeRunsInstance,
  type UseRealtimeRunsOptions,
  type UseRealtimeRunsWithTagOptions,
  useRealtimeBatch,
  useRealtimeRuns,
  useRealtimeRunsWithTag,
} from './react/useRealtimeRuns.js';
export {
  type StreamResults,
  type UseRealtimeRunWithStreamsInstance,
  useRealtimeRunWithStreams,
} from './react/useRealtimeRunWithStreams.js';
export {
  type UseRealtimeStreamInstance,
  type UseRealtimeStreamOptions,
  useRealtimeStream,
} from './react/useRealtimeStream.js';
export { type CommonTriggerHookOptions, type UseRunInstance, useRun } from './react/useRun.js';
export type { UseRealtimeRunOptions } from './react/useSubscription.js';
export {
  type RealtimeTriggerInstance,
  type RealtimeTriggerInstanceWithStreams,
  type TriggerInstance,
  type UseRealtimeTaskTriggerOptions,
  type UseTaskTriggerOptions,
  useRealtimeTaskTrigger,
  useRealtimeTaskTriggerWithStreams,
  useTaskTrigger,
} from './react/useTaskTrigger.js';
export { useWaitToken, type WaitTokenInstance } from './react/useWaitToken.js';
