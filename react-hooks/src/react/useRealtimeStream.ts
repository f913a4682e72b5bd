'use client';

import { useEffect, useState, useSyncExternalStore } from 'react';
import type { ConnectionState } from '../client/feed/feedState.js';
import type { AnyDefinedStream, InferStreamType } from '../client/run/task.js';
import type { StreamPart } from '../client/stream/parts.js';
import { StreamView } from '../client/stream/streamView.js';
import { type UseApiClientOptions, useAccess } from './useAccess.js';
import { useStableFunction } from './useStableFunction.js';

export interface UseRealtimeStreamOptions<TPart> extends UseApiClientOptions {
  id?: string | undefined;
  throttleInMs?: number | undefined;
  /** How long to wait for the next part before the stream counts as over. */
  timeoutInSeconds?: number | undefined;
  /** The number of the first part to read. */
  startIndex?: number | undefined;
  /** The id of the last part that was read before. */
  lastEventId?: string | number | undefined;
  /** `latest` begins with what comes next. */
  from?: 'beginning' | 'latest' | undefined;
  /** How many parts to keep, the newest. */
  maxParts?: number | undefined;
  /** Called for each part. */
  onData?: ((data: TPart) => void) | undefined;
  /** Called for all parts that are shown at once. */
  onParts?: ((parts: StreamPart<TPart>[]) => void) | undefined;
}

export interface UseRealtimeStreamInstance<TPart> {
  parts: TPart[];
  lastEventId: string | undefined;
  error: Error | undefined;
  stop: () => void;
  connection: ConnectionState;
}

export function useRealtimeStream<TDefinedStream extends AnyDefinedStream>(
  stream: TDefinedStream,
  runId: string,
  options?: UseRealtimeStreamOptions<InferStreamType<TDefinedStream>>,
): UseRealtimeStreamInstance<InferStreamType<TDefinedStream>>;
export function useRealtimeStream<TPart>(
  runId: string,
  streamKey: string,
  options?: UseRealtimeStreamOptions<TPart>,
): UseRealtimeStreamInstance<TPart>;
export function useRealtimeStream<TPart>(
  runId: string,
  options?: UseRealtimeStreamOptions<TPart>,
): UseRealtimeStreamInstance<TPart>;
/** Reads a stream of a run as it is written: a defined one, or one by its key (`default`). */
export function useRealtimeStream<TPart>(
  first: string | AnyDefinedStream,
  second?: string | UseRealtimeStreamOptions<TPart>,
  third?: UseRealtimeStreamOptions<TPart>,
): UseRealtimeStreamInstance<TPart> {
  const [runId, key, options] = read(first, second, third);
  return useStream(runId, key, options);
}

function read<TPart>(
  first: string | AnyDefinedStream,
  second: string | UseRealtimeStreamOptions<TPart> | undefined,
  third: UseRealtimeStreamOptions<TPart> | undefined,
): [runId: string, key: string, options: UseRealtimeStreamOptions<TPart> | undefined] {
  if (typeof first === 'string') {
    return typeof second === 'string' ? [first, second, third] : [first, 'default', second];
  }
  if (typeof second !== 'string') {
    throw new Error('The second argument beside a defined stream is the id of a run.');
  }
  return [second, first.id, third];
}

function useStream<TPart>(
  runId: string,
  key: string,
  options: UseRealtimeStreamOptions<TPart> = {},
): UseRealtimeStreamInstance<TPart> {
  const { enabled = true, throttleInMs = 16, maxParts } = options;
  const { timeoutInSeconds, startIndex, lastEventId: begin, from } = options;
  // Beside its run, all of a stream is held for whoever comes later.
  const alone = maxParts !== undefined;
  const access = useAccess(options);
  const [view] = useState(() => new StreamView<TPart>());
  const part = useStableFunction(options.onData);
  const parts = useStableFunction(options.onParts);
  const name = `${runId}/${key}`;
  const read = () => view.read(name);
  const state = useSyncExternalStore(view.subscribe, read, read);

  useEffect(() => {
    view.throttleMs = throttleInMs;
    view.maxParts = maxParts;
    view.told = { ...(part && { part }), ...(parts && { parts }) };
  }, [view, throttleInMs, maxParts, part, parts]);
  useEffect(() => {
    if (access === undefined || !runId || !enabled) {
      return;
    }
    const { client, credential } = access;
    const start = { timeoutInSeconds, startIndex, from, alone };
    view.follow(name, (after, signal) =>
      client.stream(runId, key, { ...credential, ...start, lastEventId: begin, signal }, after),
    );
    return view.release;
  }, [view, access, runId, key, name, enabled, timeoutInSeconds, startIndex, from, begin, alone]);

  const { connection, error, lastEventId } = state;
  return { parts: state.parts, lastEventId, error, stop: view.stop, connection };
}
