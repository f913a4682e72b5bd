import type { RealtimeError } from '../errors.js';
import type { Frame } from '../protocol.js';
import type { TokenSource } from '../token.js';

/** One feed on its way from the service to whoever holds what it tells. */
export interface Link {
  /** Path and query, without token and cursor. */
  readonly feed: string;
  readonly token: TokenSource;
  /** The cursor to go on from; undefined for the beginning. */
  after(): string | undefined;
  /**
   * @param cursor where to go on from once this frame has been taken; undefined where the way that
   *   it came knows none
   */
  take(frame: Frame, cursor: string | undefined): void;
  /**
   * Nothing is heard for now. The transport goes on trying.
   *
   * @param error where the page can do something about it
   */
  down(error?: RealtimeError): void;
  /** Nothing will come any more. */
  refuse(error: RealtimeError): void;
}

/**
 * A way from the service: it carries links, comes back by itself when it breaks, and goes on from
 * each link's own cursor. After `close`, or an `end` that is final, a link hears nothing more.
 */
export interface Transport {
  open(link: Link): void;
  close(link: Link): void;
}

/** A frame as it is for this reader: a token that was taken back is no end for who can get another. */
export function heardBy({ token }: Link, frame: Frame): Frame {
  return frame.type === 'end' && frame.reason === 'revoked' && token.renews
    ? { ...frame, retryable: true }
    : frame;
}

/** Whether the next request needs another token. */
export function endsToken(frame: Frame): boolean {
  return frame.type === 'end' && (frame.reason === 'token-expired' || frame.reason === 'revoked');
}

/** Tells that this way seems to be barred; where to is for the listener to find out. */
export type Barred = () => void;
