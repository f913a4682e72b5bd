import { feedPath, RealtimeClient } from '@runcast/react-hooks';
import { tap } from '@runcast/react-hooks/tap';
import { parseSummary, type RunSummary } from '../api/run.ts';
import type { Api } from '../api/session.ts';
import { issueToken } from '../api/tokens.ts';
import type {
  CountsListener,
  FeedFilter,
  FeedListener,
  FeedState,
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

const RESERVED = '$$';

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
  const tell = onlyNews(listener.state);
  return tap(client, { ...filter, skipColumns: WIDE }, how, ({ runs, ...state }) => {
    listener.news(summaries(runs));
    tell(state);
  });
}

function summaries(runs: readonly unknown[]): RunSummary[] {
  return runs.flatMap((run) => {
    const summary = parseSummary(run);
    return summary === undefined ? [] : [summary];
  });
}

function openCounts(client: RealtimeClient, filter: FeedFilter, listener: CountsListener) {
  let told: unknown;
  return follow(
    client.registry.acquire(client.wanted(feedPath(filter, 'counts'), {})),
    listener,
    ({ counts }) => {
      if (counts !== undefined && counts !== told) {
        told = counts;
        listener.counts(counts.counts, counts.members);
      }
    },
  );
}

function openRun(client: RealtimeClient, id: string, listener: RunListener) {
  let told: unknown;
  return follow(client.hold({ run: id }, {}), listener, ({ rows }) => {
    const row = rows.get(id);
    if (row !== undefined && row !== told) {
      told = row;
      listener.run(row.columns);
    }
  });
}

type Hold = ReturnType<RealtimeClient['hold']>;

type Held = ReturnType<Hold['subscription']['getSnapshot']>;

/** Has what is held told, and how that stands, until the result is called. */
function follow(
  { subscription, release }: Hold,
  listener: { state(state: FeedState): void },
  tell: (held: Held) => void,
): () => void {
  const tellState = onlyNews(listener.state);
  const tellAll = () => {
    const held = subscription.getSnapshot();
    tell(held);
    tellState(held);
  };
  const unsubscribe = subscription.subscribe(tellAll);
  tellAll();
  return () => {
    unsubscribe();
    release();
  };
}

/** That a live feed was right a moment later, too, is no news, and would come all the time. */
function onlyNews(tell: (state: FeedState) => void): (state: FeedState) => void {
  let told: FeedState | undefined;
  return ({ connection, asOf, error }) => {
    const isSame = connection === told?.connection && error === told.error;
    if (!isSame || (connection !== 'live' && asOf !== told?.asOf)) {
      told = { connection, asOf, error };
      tell(told);
    }
  };
}

/**
 * By way of a feed of the run, which tells all of its streams: a browser has few connections to one
 * service. No feed tells what is kept under the names that are not for tasks.
 */
function readStream(client: RealtimeClient, id: string, key: string, signal: AbortSignal) {
  return key.startsWith(RESERVED)
    ? readAlone(client, id, key, signal)
    : client.streamBeside(id, key, { signal, after: undefined, streams: '*' });
}

/** Goes on for as long as the run does, however long it says nothing. */
async function* readAlone(
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
