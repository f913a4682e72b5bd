import type { StreamPart } from '../../../live/feed.ts';

/** A stream as far as it has come. */
export interface StreamState {
  readonly chunks: readonly unknown[];
  /** When the first and the last part had been stored; undefined before there is one. */
  readonly first: number | undefined;
  readonly last: number | undefined;
  /** Whether nothing will come any more. */
  readonly over: boolean;
  readonly error: unknown;
}

export const NO_PARTS: StreamState = {
  chunks: [],
  first: undefined,
  last: undefined,
  over: false,
  error: undefined,
};

/** What happens within a frame of the screen is told at once. */
const FRAME_MS = 50;

/**
 * Reads a stream to its end and tells how it stands, at most once in a while however fast the parts
 * come.
 */
export async function readAll(
  parts: AsyncIterable<StreamPart>,
  signal: AbortSignal,
  tell: (state: StreamState) => void,
): Promise<void> {
  const chunks: unknown[] = [];
  let state = NO_PARTS;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const flush = (change: Partial<StreamState> = {}) => {
    clearTimeout(timer);
    timer = undefined;
    if (!signal.aborted) {
      state = { ...state, ...change, chunks: [...chunks] };
      tell(state);
    }
  };
  try {
    for await (const { chunk, timestamp } of parts) {
      chunks.push(chunk);
      state = { ...state, first: state.first ?? timestamp, last: timestamp };
      timer ??= setTimeout(flush, FRAME_MS);
    }
    flush({ over: true });
  } catch (error) {
    flush({ over: true, error });
  }
}
