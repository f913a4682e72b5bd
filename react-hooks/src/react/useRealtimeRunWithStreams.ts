'use client';

import { useEffect, useState, useSyncExternalStore } from 'react';
import type { RealtimeRun } from '../client/run.js';
import { RunStreamsView } from '../client/runStreamsView.js';
import type { OpenStream } from '../client/streamView.js';
import type { AnyTask } from '../client/task.js';
import { type Access, useAccess } from './useAccess.js';
import {
  type UseRealtimeRunInstance,
  type UseRealtimeSingleRunOptions,
  useRealtimeRun,
} from './useRealtimeRun.js';

// biome-ignore lint/suspicious/noExplicitAny: what a stream carries is the page's to say, as in the official package
export type AnyStreams = Record<string, any>;

/** The parts of each stream. */
export type StreamResults<TStreams extends AnyStreams> = {
  [TKey in keyof TStreams]: TStreams[TKey][];
};

export interface UseRealtimeRunWithStreamsInstance<
  TTask extends AnyTask = AnyTask,
  TStreams extends AnyStreams = AnyStreams,
> extends UseRealtimeRunInstance<TTask> {
  /** What each stream of the run has told so far. */
  streams: StreamResults<TStreams>;
}

/** Follows one run and all the streams that it names. */
export function useRealtimeRunWithStreams<
  TTask extends AnyTask = AnyTask,
  TStreams extends AnyStreams = AnyStreams,
>(
  runId?: string,
  options: UseRealtimeSingleRunOptions<TTask> = {},
): UseRealtimeRunWithStreamsInstance<TTask, TStreams> {
  const followed = useRealtimeRun<TTask>(runId, options);
  const access = useAccess(options);
  const [view] = useState(() => new RunStreamsView());
  const read = () => view.read(runId);
  const streams = useSyncExternalStore(view.subscribe, read, read);
  const keys = streamsOf(followed.run).join('\n');
  const { enabled = true, throttleInMs = 16 } = options;

  useEffect(() => {
    if (access !== undefined && runId && enabled) {
      view.throttleMs = throttleInMs;
      view.follow(runId, keys === '' ? [] : keys.split('\n'), opening(access, runId));
    } else {
      view.release();
    }
  }, [view, access, runId, enabled, keys, throttleInMs]);
  useEffect(() => () => view.release(), [view]);

  return { ...followed, streams: streams as StreamResults<TStreams> };
}

/** SDKs before 4 name a run's streams in its metadata. */
function streamsOf(run: RealtimeRun | undefined): string[] {
  const named = run?.metadata?.$$streams;
  return Array.isArray(named) && named.length > 0
    ? named.filter((key) => typeof key === 'string')
    : (run?.realtimeStreams ?? []);
}

function opening({ client, credential }: Access, runId: string) {
  return (key: string): OpenStream<unknown> =>
    (lastEventId, signal) =>
      client.stream(runId, key, { ...credential, lastEventId, signal });
}
