import { isRecord } from '../errors.js';
import type { ToldRun } from '../protocol.js';
import { type FeedState, NOTHING } from './feedState.js';
import { reduce } from './reducer.js';
import type { Hold } from './registry.js';
import type { Seed } from './subscription.js';

/** What a feed held at a moment, as data that can be sent from a server to a page. */
export interface InitialData {
  readonly feed: string;
  readonly runs: readonly ToldRun[];
  readonly cursor: string | undefined;
  readonly at: number;
}

/** Waits until a feed is complete and lets go of it. */
export function initialDataOf(feed: string, { subscription, release }: Hold): Promise<InitialData> {
  return new Promise<InitialData>((resolve, reject) => {
    const look = () => {
      const state = subscription.getSnapshot();
      if (state.connection === 'ended' && state.error !== undefined) {
        reject(state.error);
      } else if (state.connection === 'live' || state.connection === 'ended') {
        resolve(dataOf(feed, state, subscription.seed().cursor));
      } else {
        return;
      }
      unsubscribe();
      release();
    };
    const unsubscribe = subscription.subscribe(look);
    look();
  });
}

/** What a page begins with; nothing where the data is of another feed. */
export function seedOf(feed: string, data: InitialData | undefined): Seed | undefined {
  if (!isRecord(data) || runsOf(data.feed) !== runsOf(feed)) {
    return undefined;
  }
  const { runs, cursor, at } = data;
  const frame = { type: 'snapshot', full: false, start: false, complete: false, left: [] } as const;
  const state = reduce(NOTHING, [{ type: 'frame', frame: { ...frame, runs }, at }]);
  return { state: { ...state, news: [], asOf: new Date(at) }, cursor };
}

/** Whether a feed ends with its run makes it no other feed. */
function runsOf(feed: string): string {
  return feed.replace(/\?stopOnCompletion=true&?/, '?').replace(/\?$/, '');
}

function dataOf(feed: string, state: FeedState, cursor: string | undefined): InitialData {
  const runs = [...state.rows.values()].map(({ version, columns }) => ({ version, run: columns }));
  return { feed, runs, cursor, at: state.asOf?.getTime() ?? 0 };
}
