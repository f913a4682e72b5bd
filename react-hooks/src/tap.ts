import type { RealtimeClient } from './client/client.js';
import type { Credential } from './client/credentials.js';
import { feedPath, type RunFilter } from './client/feed/feeds.js';
import { type FeedNews, Tap } from './client/feed/tap.js';

export type { FeedNews };

/** Where a tap begins, how often it tells, and what proves that one may read. */
export interface TapOptions extends Credential {
  /** The cursor of what was read elsewhere; without, all that is there comes first. */
  readonly after?: string | undefined;
  /** What happens within this time is told at once; a frame of the screen unless said. */
  readonly everyMs?: number | undefined;
}

/**
 * Tells what changes in a feed, and keeps none of it: for who shows a part of what may be a hundred
 * thousand runs. It shares the client's connection. What is returned ends it.
 */
export function tap(
  client: RealtimeClient,
  filter: RunFilter,
  { after, everyMs = 16, ...credential }: TapOptions,
  listener: (news: FeedNews) => void,
): () => void {
  const { transport, clock } = client.registry;
  const wanted = client.wanted(feedPath(filter), credential);
  const opened = new Tap(wanted, transport, clock, { after, everyMs }, listener);
  return () => opened.close();
}
