import { RealtimeError } from '../errors.js';
import type { Frame } from '../protocol.js';

/** What tabs of one browser say to each other. Both ends are of one version: its number is in their names. */

/** To the tab that leads, of which there may be another one by the time that it comes. */
export type ToLeader =
  | { readonly type: 'hello'; readonly from: string }
  | ({ readonly type: 'open'; readonly feed: string; readonly after: string | undefined } & {
      /** The one token there is; undefined where it is asked for. */
      readonly token: string | undefined;
    } & Addressed)
  | ({ readonly type: 'close' } & Addressed)
  | ({ readonly type: 'token'; readonly ask: number; readonly token: string } & Addressed)
  | ({ readonly type: 'no-token'; readonly ask: number; readonly why: string } & Addressed)
  | ({ readonly type: 'ping' } & Addressed);

interface Addressed {
  /** The tab that is meant, for as long as it leads. */
  readonly to: string;
  readonly from: string;
  /** One opening of a link. */
  readonly link: string;
}

/** From the tab that leads. */
export type FromLeader =
  | { readonly type: 'led'; readonly by: string }
  | { readonly type: 'pong' }
  | {
      readonly type: 'frame';
      readonly link: string;
      readonly frame: Frame;
      readonly cursor: string | undefined;
    }
  | { readonly type: 'down'; readonly link: string; readonly error: ToldError | undefined }
  | { readonly type: 'refuse'; readonly link: string; readonly error: ToldError }
  | { readonly type: 'ask'; readonly link: string; readonly ask: number; readonly fresh: boolean };

/** An error, as one tab can tell another of it. */
export type ToldError = Pick<RealtimeError, 'message' | 'code' | 'status' | 'retryable' | 'param'>;

export function told({ message, code, status, retryable, param }: RealtimeError): ToldError {
  return { message, code, status, retryable, param };
}

export function errorOf({ message, ...facts }: ToldError): RealtimeError {
  return new RealtimeError(message, facts);
}
