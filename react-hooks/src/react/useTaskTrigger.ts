'use client';

import type { SkipColumn } from '../client/feed/feeds.js';
import type { RunHandle } from '../client/rest.js';
import type { AnyTask, TaskIdentifier, TaskPayload } from '../client/run/task.js';
import type { TriggerOptions } from '../client/trigger.js';
import { type UseApiClientOptions, useAccess } from './useAccess.js';
import { type UseRealtimeRunInstance, useRealtimeRun } from './useRealtimeRun.js';
import {
  type AnyStreams,
  type UseRealtimeRunWithStreamsInstance,
  useRealtimeRunWithStreams,
} from './useRealtimeRunWithStreams.js';
import { useRequest } from './useRequest.js';

export type UseTaskTriggerOptions = UseApiClientOptions;

export interface UseRealtimeTaskTriggerOptions extends UseTaskTriggerOptions {
  throttleInMs?: number | undefined;
  /** The official package's name for `throttleInMs`. */
  experimental_throttleInMs?: number | undefined;
  skipColumns?: readonly SkipColumn[] | undefined;
}

interface Submission<TTask extends AnyTask> {
  /** Starts a run. What it fails with is `error`. */
  submit: (payload: TaskPayload<TTask>, options?: TriggerOptions) => void;
  isLoading: boolean;
  /** The run that was started last, and the token that reads it. */
  handle: RunHandle<TaskIdentifier<TTask>> | undefined;
}

export interface TriggerInstance<TTask extends AnyTask> extends Submission<TTask> {
  error: Error | undefined;
}

export type RealtimeTriggerInstance<TTask extends AnyTask> = Submission<TTask> &
  Omit<UseRealtimeRunInstance<TTask>, 'error'> & { error: Error | undefined };

export type RealtimeTriggerInstanceWithStreams<
  TTask extends AnyTask,
  TStreams extends AnyStreams = AnyStreams,
> = Submission<TTask> &
  Omit<UseRealtimeRunWithStreamsInstance<TTask, TStreams>, 'error'> & { error: Error | undefined };

/** Starts runs of a task. */
export function useTaskTrigger<TTask extends AnyTask>(
  id: TaskIdentifier<TTask>,
  options?: UseTaskTriggerOptions,
): TriggerInstance<TTask> {
  const access = useAccess(options);
  const { isLoading, error, result, send } = useRequest(
    async (payload: TaskPayload<TTask>, how?: TriggerOptions) => {
      if (access === undefined) {
        throw new Error('Missing accessToken: this hook is not enabled.');
      }
      return access.client.triggerTask(id, payload, how, access.credential);
    },
  );
  return { submit: send, isLoading, handle: result, error };
}

/** Starts runs of a task and follows the last one, with the token that came with it. */
export function useRealtimeTaskTrigger<TTask extends AnyTask>(
  id: TaskIdentifier<TTask>,
  options: UseRealtimeTaskTriggerOptions = {},
): RealtimeTriggerInstance<TTask> {
  const { error, ...trigger } = useTaskTrigger<TTask>(id, options);
  const followed = useRealtimeRun<TTask>(trigger.handle?.id, following(options, trigger.handle));
  return { ...followed, ...trigger, error: followed.error ?? error };
}

/** The same, with the run's streams. */
export function useRealtimeTaskTriggerWithStreams<
  TTask extends AnyTask,
  TStreams extends AnyStreams = AnyStreams,
>(
  id: TaskIdentifier<TTask>,
  options: UseRealtimeTaskTriggerOptions = {},
): RealtimeTriggerInstanceWithStreams<TTask, TStreams> {
  const { error, ...trigger } = useTaskTrigger<TTask>(id, options);
  const followed = useRealtimeRunWithStreams<TTask, TStreams>(
    trigger.handle?.id,
    following(options, trigger.handle),
  );
  return { ...followed, ...trigger, error: followed.error ?? error };
}

function following(options: UseRealtimeTaskTriggerOptions, handle: RunHandle | undefined) {
  const throttleInMs = options.throttleInMs ?? options.experimental_throttleInMs;
  return handle === undefined
    ? { ...options, throttleInMs }
    : { ...options, throttleInMs, accessToken: handle.publicAccessToken };
}
