/**
 * What a task type says of its runs. These types know the official SDK's tasks by their shape, so
 * that `useRealtimeRun<typeof myTask>` is typed as with the official package, without that SDK.
 */

/** Anything like a task of the SDK: it has an id and can be triggered. */
export interface AnyTask {
  readonly id: string;
  readonly trigger: (...args: never[]) => unknown;
}

// biome-ignore lint/suspicious/noExplicitAny: what nothing is known of is `any` in the official package too
type Unknown = any;

/** The task's id, literally where the task has it so. */
export type TaskIdentifier<TTask extends AnyTask> = TTask['id'];

/** What the task is triggered with. */
export type TaskPayload<TTask extends AnyTask> = AnyTask extends TTask
  ? Unknown
  : TTask extends { trigger: (payload: infer TPayload, ...rest: never[]) => unknown }
    ? TPayload
    : Unknown;

/** What the task's runs come to. */
export type TaskOutput<TTask extends AnyTask> = AnyTask extends TTask
  ? Unknown
  : TTask extends { triggerAndWait: (...args: never[]) => PromiseLike<infer TResult> }
    ? Extract<TResult, { ok: true }> extends { output: infer TOutput }
      ? TOutput
      : Unknown
    : Unknown;

/** A stream as `streams.define` of the SDK makes them. */
export interface AnyDefinedStream {
  readonly id: string;
  readonly append: (...args: never[]) => unknown;
}

/** What the parts of such a stream are. */
export type InferStreamType<TStream> = TStream extends {
  append: (value: infer TPart, ...rest: never[]) => unknown;
}
  ? TPart
  : unknown;
