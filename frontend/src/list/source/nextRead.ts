import type { PageMark } from '../../api/runs.ts';
import { MOST_ROWS } from './listLength.ts';

/** The part of a list that is held: its rows from `base` to before `end`, and the marks beyond. */
export interface Held {
  readonly base: number;
  readonly end: number;
  /** Where the page below is; undefined below the last run. */
  readonly next: string | undefined;
  /** Where the page above is; undefined above the first run. */
  readonly previous: string | undefined;
}

/** Rows in sight, the last one included. */
export interface Sight {
  readonly from: number;
  readonly to: number;
}

/** The end of the first page, from which places are counted. */
export interface Anchor {
  readonly at: number;
  readonly after: string;
}

/** What is to be read: the first page, the one beside what is held, or one in its place. */
export type Read =
  | { readonly kind: 'home' }
  | { readonly kind: 'older' | 'newer'; readonly mark: PageMark }
  | {
      readonly kind: 'jump';
      readonly to: number;
      /** The row from which others are passed over on the way there. */
      readonly from: number;
      readonly mark: PageMark;
    };

/** So many rows beyond what is in sight are read before they come into it. */
const AHEAD = 150;

/** What is farther from what is held than this is not reached page by page. */
const NEAR = 400;

/** A place above what is in sight at which a page begins that is jumped to. */
const ABOVE = 30;

/** What is in sight of a list that has so many rows: at its end, the last ones. */
export function within({ from, to }: Sight, rows: number): Sight {
  const last = Math.min(to, rows);
  return { from: Math.max(0, Math.min(from, last - (to - from))), to: last };
}

/** What is to be read next, so that what is in sight is held and its neighbours are. */
export function nextRead(held: Held, sight: Sight, anchor: Anchor | undefined): Read | undefined {
  const { base, end, next, previous } = held;
  const { from, to } = sight;
  if (to < base - NEAR || from > end + NEAR) {
    return jump(Math.max(0, from - ABOVE), held, anchor);
  }
  if (next !== undefined && to + AHEAD >= end && end < MOST_ROWS) {
    return { kind: 'older', mark: { after: next } };
  }
  if (previous !== undefined && from - AHEAD < base && base > 0) {
    return { kind: 'newer', mark: { before: previous } };
  }
  return undefined;
}

function jump(to: number, { end, next }: Held, anchor: Anchor | undefined): Read {
  if (anchor === undefined || to < anchor.at) {
    return { kind: 'home' };
  }
  return to >= end && next !== undefined
    ? { kind: 'jump', to, from: end, mark: { after: next, skip: to - end } }
    : { kind: 'jump', to, from: anchor.at, mark: { after: anchor.after, skip: to - anchor.at } };
}
