import type { RunSummary } from '../../api/run.ts';
import type { RunPage } from '../../api/runs.ts';
import type { FeedState, OpenFeed, RunFeed } from '../../live/feed.ts';
import { matches, queryOf, type RunFilters } from './runFilters.ts';
import { type ListView, RunList } from './runList.ts';

/** Reads a page of a list. */
export type ReadPage = (
  query: URLSearchParams,
  after: string | undefined,
  signal: AbortSignal,
) => Promise<RunPage>;

/** All that the page of runs shows beside the runs themselves. */
export interface RunsState {
  readonly phase: 'loading' | 'ready' | 'failed';
  readonly error: unknown;
  readonly list: ListView;
  /** Whether there are older runs than those that were read. */
  readonly older: 'none' | 'some' | 'reading';
  readonly feed: FeedState;
}

const NO_FEED: FeedState = { connection: 'connecting', asOf: undefined, error: undefined };

/**
 * The runs that some filters ask for: a page from the list, then what changes from the feed,
 * without a gap in between, and older pages as they are wanted. An external store for React.
 */
export class RunsSource {
  readonly #filters: RunFilters;
  readonly #read: ReadPage;
  readonly #openFeed: OpenFeed;
  readonly #listeners = new Set<() => void>();
  #list: RunList;
  #state: RunsState;
  #next: string | undefined;
  #feed: RunFeed | undefined;
  #ending = new AbortController();

  constructor(filters: RunFilters, read: ReadPage, openFeed: OpenFeed) {
    this.#filters = filters;
    this.#read = read;
    this.#openFeed = openFeed;
    this.#list = this.#emptyList();
    this.#state = this.#begin();
  }

  readonly getSnapshot = () => this.#state;

  readonly subscribe = (listener: () => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** A run of the list. */
  readonly row = (id: string): RunSummary | undefined => this.#list.row(id);

  /** Begins anew; what is returned ends it. */
  readonly start = () => {
    this.#ending = new AbortController();
    this.#list = this.#emptyList();
    this.#set(this.#begin());
    void this.#first(this.#ending.signal);
    return this.stop;
  };

  readonly stop = () => {
    this.#ending.abort();
    this.#feed?.close();
    this.#feed = undefined;
  };

  /** Shows the runs that have come since. */
  readonly reveal = () => {
    this.#list.reveal();
    this.#set({});
  };

  /** Reads the next older page, unless it is being read. */
  readonly more = () => {
    if (this.#state.older === 'some' && this.#next !== undefined) {
      void this.#older(this.#next, this.#ending.signal);
    }
  };

  #emptyList(): RunList {
    return new RunList((run) => matches(this.#filters, run, Date.now()));
  }

  #begin(): RunsState {
    const list = this.#list.view();
    return { phase: 'loading', error: undefined, list, older: 'none', feed: NO_FEED };
  }

  async #first(signal: AbortSignal): Promise<void> {
    try {
      const page = await this.#read(queryOf(this.#filters), undefined, signal);
      if (signal.aborted) {
        return;
      }
      this.#add(page);
      this.#feed = this.#openFeed(this.#feedFilter(), page, {
        news: (runs) => this.#news(runs),
        state: (feed) => this.#set({ feed }),
      });
      this.#set({ phase: 'ready' });
    } catch (error) {
      if (!signal.aborted) {
        this.#set({ phase: 'failed', error });
      }
    }
  }

  async #older(after: string, signal: AbortSignal): Promise<void> {
    const query = queryOf(this.#filters);
    this.#set({ older: 'reading', error: undefined });
    try {
      const page = await this.#read(query, after, signal);
      if (signal.aborted) {
        return;
      }
      this.#add(page);
      this.#feed?.add(page.columns);
      this.#set({});
      // The feed has told of none of these before it knew them: what changed meanwhile is read.
      const again = await this.#read(query, after, signal);
      if (!signal.aborted) {
        this.#feed?.add(again.columns);
        this.#news(again.runs);
      }
    } catch (error) {
      if (!signal.aborted) {
        this.#set({ older: 'some', error });
      }
    }
  }

  #add(page: RunPage): void {
    this.#next = page.next;
    this.#list.addPage(page.runs, page.next === undefined);
    this.#set({ older: page.next === undefined ? 'none' : 'some' });
  }

  #news(runs: readonly RunSummary[]): void {
    if (runs.length > 0) {
      this.#list.take(runs);
      this.#set({});
    }
  }

  /**
   * Wider than the list where the feed has no such filter or one of another meaning: a feed by
   * status would take away the run that one looks at, and one by tags wants all of them.
   */
  #feedFilter() {
    const { task, tags, batch } = this.#filters;
    return {
      ...(batch !== undefined && { batch }),
      ...(batch === undefined && tags.length === 1 && { tags }),
      ...(task.length > 0 && { taskIdentifier: task }),
    };
  }

  #set(change: Partial<RunsState>): void {
    this.#state = { ...this.#state, ...change, list: this.#list.view() };
    for (const listener of [...this.#listeners]) {
      listener();
    }
  }
}
