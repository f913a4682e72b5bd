import {
  WAITPOINT_STATUSES,
  type WaitpointQuery,
  type WaitpointStatus,
} from '../../api/waitpoints.ts';
import type { UrlState } from '../../lib/urlState.ts';

/** What a status is called. */
export const WORDS: Record<WaitpointStatus, string> = {
  WAITING: 'Waiting',
  COMPLETED: 'Completed',
  TIMED_OUT: 'Timed out',
};

/** Which tokens an address asks for. */
export function queryOf({ status, tags, after, before }: UrlState): WaitpointQuery {
  return {
    status: WAITPOINT_STATUSES.find((known) => known === status),
    tags: (tags ?? '').split(',').filter((tag) => tag !== ''),
    after: after || undefined,
    before: after ? undefined : before || undefined,
  };
}

/** Whether it asks for less than all. */
export function isNarrowed({ status, tags, after, before }: WaitpointQuery): boolean {
  return status !== undefined || tags.length > 0 || after !== undefined || before !== undefined;
}

/** A row of the list of which all is known that one needs to see when it ends by itself. */
interface Ending {
  readonly status: WaitpointStatus;
  readonly timeoutAt: Date | undefined;
}

/** When the next of some tokens times out; undefined if none of them will. */
export function nextTimeout(tokens: readonly Ending[]): number | undefined {
  const times = tokens.flatMap(({ status, timeoutAt }) =>
    status === 'WAITING' && timeoutAt !== undefined ? [timeoutAt.getTime()] : [],
  );
  return times.length === 0 ? undefined : Math.min(...times);
}
