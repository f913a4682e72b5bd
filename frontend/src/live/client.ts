import { feedPath, RealtimeClient } from '@runcast/react-hooks';
import { tap } from '@runcast/react-hooks/tap';
import { parseSummary, type RunSummary } from '../api/run.ts';
import type { Api } from '../api/session.ts';
import { issueToken } from '../api/tokens.ts';
import type {
  CountsListener,
  FeedFilter,
  FeedListener,
  Live,
  RunListener,
  StreamPart,
} from './feed.ts';

/** What a feed of the page may do, and for how long: a stolen one is soon worth nothing. */
const SCOPES = ['read:runs', 'read:traces'];
const LIFE = '10m';

/** What lists do not show. */
const WIDE = ['payload', 'output', 'metadata', 'error'] as const;

/** What happens within this time shows in a list at once: nobody reads faster. */
const LIST_MS = 100;

/** As long as the service waits for the next part of a stream. */
const PATIENCE_SECONDS = 600;

/** What goes on at the service, by way of one connection for all that is followed. */
export function liveClient(api: Api): Live {
  const client = new RealtimeClient({
    baseURL: window.location.origin,
    accessToken: () => issueToken(api, SCOPES, LIFE),
  });
  return {
    openFeed: (filter, cursor, listener) => openFeed(client, filter, cursor, listener),
    openCounts: (filter, listener) => openCounts(client, filter, listener),
    openRun: (id, listener) => openRun(client, id, listener),
    readStream: (id, key, signal) => readStream(client, id, key, signal),
    close: () => client.close(),
  };
}

function openFeed(
  client: RealtimeClient,
  filter: FeedFilter,
  cursor: string | undefined,
  listener: FeedListener,
) {
  const how = { after: cursor, everyMs: LIST_MS };
  return tap(client, { ...filter, skipColumns: WIDE }, how, ({ runs, connection, asOf, error }) => {
    listener.news(summaries(runs));
    listener.state({ connection, asOf, error });
  });
}

function openCounts(client: RealtimeClient, filter: FeedFilter, listener: CountsListener) {
  const wanted = client.wanted(feedPath(filter, 'counts'), {});
  const { subscription, release } = client.registry.acquire(wanted);
  const tell = () => {
    const { counts, connection, asOf, error } = subscription.getSnapshot();
    if (counts !== undefined) {
      listener.counts(counts.counts, counts.members);
    }
    listener.state({ connection, asOf, error });
  };
  const unsubscribe = subscription.subscribe(tell);
  tell();
  return () => {
    unsubscribe();
    release();
  };
}

function summaries(runs: readonly unknown[]): RunSummary[] {
  return runs.flatMap((run) => {
    const summary = parseSummary(run);
    return summary === undefined ? [] : [summary];
  });
}

function openRun(client: RealtimeClient, id: string, listener: RunListener) {
  const { subscription, release } = client.hold({ run: id }, {});
  let told: unknown;
  const tell = () => {
    const { connection, asOf, error, rows } = subscription.getSnapshot();
    const row = rows.get(id);
    if (row !== undefined && row !== told) {
      told = row;
      listener.run(row.columns);
    }
    listener.state({ connection, asOf, error });
  };
  const unsubscribe = subscription.subscribe(tell);
  tell();
  return () => {
    unsubscribe();
    release();
  };
}

/**
 * Goes on for as long as the run does, however long it says nothing. By requests of its own, and not
 * beside the run: only so each part says when it was stored, of which the timeline is drawn.
 */
async function* readStream(
  client: RealtimeClient,
  id: string,
  key: string,
  signal: AbortSignal,
): AsyncGenerator<StreamPart> {
  let lastEventId: string | undefined;
  while (!signal.aborted) {
    let heard = Date.now();
    const timeoutInSeconds = PATIENCE_SECONDS;
    for await (const part of client.stream(id, key, { timeoutInSeconds, lastEventId, signal })) {
      lastEventId = part.id;
      heard = Date.now();
      yield part;
    }
    if (Date.now() - heard < timeoutInSeconds * 1_000) {
      return;
    }
  }
}
