export type { StreamOptions, StreamPart } from './client/chunks.js';
export {
  type ClientOptions,
  type FollowOptions,
  type FollowRunOptions,
  RealtimeClient,
} from './client/client.js';
export type { Credential } from './client/credentials.js';
export { RealtimeError } from './client/errors.js';
export type { ConnectionState } from './client/feedState.js';
export {
  batchFeed,
  environmentFeed,
  type Narrowing,
  type RealtimeRunSkipColumns,
  type RunFilter,
  runFeed,
  type SkipColumn,
  tagFeed,
} from './client/feeds.js';
export type { InitialData } from './client/initialData.js';
export type { RunHandle } from './client/rest.js';
export type { Json, RealtimeRun, RunStatus, SerializedError } from './client/run.js';
export type { RunStream } from './client/runStream.js';
export type {
  AnyTask,
  InferStreamType,
  TaskIdentifier,
  TaskOutput,
  TaskPayload,
} from './client/task.js';
export type { AccessToken } from './client/token.js';
export type { TriggerOptions } from './client/trigger.js';
