'use client';

import { useCallback, useEffect, useState, useSyncExternalStore } from 'react';
import { feedPath } from '../client/feed/feeds.js';
import type { RealtimeRun } from '../client/run/run.js';
import type { AnyTask } from '../client/run/task.js';
import { RunStreamsView } from '../client/stream/runStreamsView.js';
import type { OpenStream } from '../client/stream/streamView.js';
import { type Access, useAccess } from './useAccess.js';
import {
  oneRun,
  type UseRealtimeRunInstance,
  type UseRealtimeSingleRunOptions,
  useOneRun,
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

/** Follows one run and all the streams that it names, on the one connection. */
export function useRealtimeRunWithStreams<
  TTask extends AnyTask = AnyTask,
  TStreams extends AnyStreams = AnyStreams,
>(
  runId?: string,
  options: UseRealtimeSingleRunOptions<TTask> = {},
): UseRealtimeRunWithStreamsInstance<TTask, TStreams> {
  const followed = useOneRun<TTask>(runId, options, '*');
  const access = useAccess(options);
  const [view] = useState(() => new RunStreamsView());
  const read = () => view.read(runId);
  const streams = useSyncExternalStore(view.subscribe, read, read);
  const keys = streamsOf(followed.run).join('\n');
  const feed = runId && feedPath(oneRun(runId, options as UseRealtimeSingleRunOptions), 'proof');
  const { enabled = true, throttleInMs = 16 } = options;

  useEffect(() => {
    if (access !== undefined && runId && enabled) {
      view.throttleMs = throttleInMs;
      view.follow(runId, keys === '' ? [] : keys.split('\n'), opening(access, runId, feed));
    } else {
      view.release();
    }
  }, [view, access, runId, feed, enabled, keys, throttleInMs]);
  useEffect(() => () => view.release(), [view]);
  const { stop: stopRun } = followed;
  const stop = useCallback(() => {
    stopRun();
    view.stop();
  }, [view, stopRun]);

  return { ...followed, stop, streams: streams as StreamResults<TStreams> };
}

/** SDKs before 4 name a run's streams in its metadata. */
function streamsOf(run: RealtimeRun | undefined): string[] {
  const named = run?.metadata?.$$streams;
  return Array.isArray(named) && named.length > 0
    ? named.filter((key) => typeof key === 'string')
    : (run?.realtimeStreams ?? []);
}

/** The feed tells all streams from the beginning, so that one that is new makes nothing begin anew. */
function opening({ client, credential }: Access, runId: string, feed: string | undefined) {
  return (key: string): OpenStream<unknown> =>
    (after, signal) =>
      client.streamBeside(runId, key, { ...credential, after, signal, feed, streams: '*' });
}
