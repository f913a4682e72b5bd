import { feedPath, RealtimeClient } from '@runcast/react-hooks';
import { parseSummary, type RunSummary } from '../api/run.ts';
import type { Columns } from '../api/runs.ts';
import type { Api } from '../api/session.ts';
import { issueToken } from '../api/tokens.ts';
import type { FeedFilter, FeedListener, FeedStart, Live, RunListener, StreamPart } from './feed.ts';

/** What a feed of the page may do, and for how long: a stolen one is soon worth nothing. */
const SCOPES = ['read:runs'];
const LIFE = '10m';

/** What lists do not show. */
const WIDE = ['payload', 'output', 'metadata', 'error'] as const;

/** As long as the service waits for the next part of a stream. */
const PATIENCE_SECONDS = 600;

/** What goes on at the service, by way of one connection for all that is followed. */
export function liveClient(api: Api): Live {
  const client = new RealtimeClient({
    baseURL: window.location.origin,
    accessToken: () => issueToken(api, SCOPES, LIFE),
  });
  return {
    openFeed: (filter, start, listener) => openFeed(client, filter, start, listener),
    openRun: (id, listener) => openRun(client, id, listener),
    readStream: (id, key, signal) => readStream(client, id, key, signal),
    close: () => client.close(),
  };
}

function openFeed(
  client: RealtimeClient,
  { tags, taskIdentifier, batch, parent }: FeedFilter,
  start: FeedStart,
  listener: FeedListener,
) {
  const filter = { tags, taskIdentifier, batch, parent, skipColumns: WIDE };
  const feed = feedPath(filter);
  const { columns, cursor } = start;
  const runs = columns.map(toldRun);
  const initialData = cursor === undefined ? undefined : { feed, runs, cursor, at: Date.now() };
  const { subscription, release } = client.hold(filter, { initialData });
  const tell = (told: readonly unknown[]) => {
    const { connection, asOf, error } = subscription.getSnapshot();
    listener.news(summaries(told));
    listener.state({ connection, asOf, error });
  };
  const unsubscribe = subscription.subscribe(() => tell(subscription.getSnapshot().news));
  tell(subscription.getSnapshot().runs);
  return {
    add: (more: readonly Columns[]) =>
      subscription.take(
        {
          type: 'snapshot',
          full: false,
          start: false,
          complete: false,
          runs: more.map(toldRun),
          left: [],
        },
        subscription.after(),
      ),
    close: () => {
      unsubscribe();
      release();
    },
  };
}

/** Lists do not tell a run's version, which counts from 1: whatever the feed tells is newer. */
function toldRun(columns: Columns) {
  return { version: 0, run: { ...columns, id: String(columns.id) } };
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

/** Goes on for as long as the run does, however long it says nothing. */
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
