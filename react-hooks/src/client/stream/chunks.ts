import { delayMs } from '../backoff.js';
import { RealtimeError } from '../errors.js';
import type { ServerEvent } from '../sseParser.js';
import type { TokenSource } from '../token.js';
import { ask, eventsOf, type HttpWorld, Watchdog } from '../transport/http.js';
import { pause } from '../transport/rounds.js';
import type { StreamPart } from './parts.js';

/** How to read a stream. */
export interface StreamOptions {
  /** How long to wait for the next part before it counts as over: 60 s by default, 600 at most. */
  readonly timeoutInSeconds?: number | undefined;
  /** The number of the first part to read; the first one of all is 0. */
  readonly startIndex?: number | undefined;
  /** The id of the last part that was read before. */
  readonly lastEventId?: string | number | undefined;
  /** `latest` begins with what comes next. */
  readonly from?: 'beginning' | 'latest' | undefined;
  /** Reads it on a connection of its own, so that the page holds no more of it than it takes. */
  readonly alone?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** The service answers at once, whether there is anything or not. */
const ANSWER_MS = 30_000;

/**
 * The parts of a stream as they are written, until the service says that it is over. A connection
 * that breaks is made anew, and goes on after the last part.
 *
 * @throws RealtimeError where the service says no
 */
export async function* readStream<TChunk>(
  world: HttpWorld,
  token: TokenSource,
  path: string,
  options: StreamOptions,
): AsyncGenerator<StreamPart<TChunk>, void, void> {
  const signal = options.signal ?? new AbortController().signal;
  let last = startOf(options);
  for (let attempt = 0; !signal.aborted; attempt++) {
    const watchdog = new Watchdog(world.clock, ANSWER_MS, signal);
    try {
      const headers = headersOf(options, last);
      const response = await ask(world, token, { path, headers, signal: watchdog.signal });
      watchdog.heard();
      for await (const event of eventsOf(response, watchdog)) {
        last = event.id;
        attempt = 0;
        yield partOf<TChunk>(event);
      }
      return;
    } catch (cause) {
      const error = cause instanceof RealtimeError ? cause : RealtimeError.malformed(cause);
      if (!signal.aborted && !error.retryable) {
        throw error;
      }
    } finally {
      watchdog.done();
    }
    await pause(world, delayMs(attempt, world.random()), signal);
  }
}

function startOf({ lastEventId, startIndex }: StreamOptions): string | undefined {
  if (lastEventId !== undefined) {
    return String(lastEventId);
  }
  return startIndex === undefined || startIndex <= 0 ? undefined : String(startIndex - 1);
}

function headersOf(options: StreamOptions, last: string | undefined): Record<string, string> {
  const headers: Record<string, string> = { accept: 'text/event-stream' };
  if (last !== undefined) {
    headers['last-event-id'] = last;
  } else if (options.from === 'latest') {
    headers['x-trigger-stream-start'] = 'latest';
  }
  if (options.timeoutInSeconds !== undefined) {
    headers['timeout-seconds'] = String(options.timeoutInSeconds);
  }
  return headers;
}

function partOf<TChunk>({ id, data }: ServerEvent): StreamPart<TChunk> {
  const written = Number.parseInt(id, 10);
  const timestamp = id.includes('-') && !Number.isNaN(written) ? written : Date.now();
  return { id, chunk: chunkOf(data) as TChunk, timestamp };
}

/** What is no JSON is a text. */
function chunkOf(data: string): unknown {
  try {
    return JSON.parse(data);
  } catch {
    return data;
  }
}
