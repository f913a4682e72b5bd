import type { RunSummary } from '../api/run.ts';
import type { RunPage } from '../api/runs.ts';
import type { FeedState, OpenFeed } from '../live/feed.ts';
import { feedFilterOf, matches, queryOf, type RunFilters } from './runFilters.ts';
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
  #closeFeed: (() => void) | undefined;
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
    this.#closeFeed?.();
    this.#closeFeed = undefined;
  };

  /** Shows the runs that have come since; if these are too many, the list begins anew. */
  readonly reveal = () => {
    if (this.#state.list.overrun) {
      this.stop();
      this.start();
    } else {
      this.#list.reveal();
      this.#set({});
    }
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
      this.#closeFeed = this.#openFeed(feedFilterOf(this.#filters), page.cursor, {
        news: (runs) => this.#news(runs, this.#ending.signal),
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
    const { forgotten } = this.#list;
    this.#set({ older: 'reading', error: undefined });
    try {
      const page = await this.#read(query, after, signal);
      if (signal.aborted) {
        return;
      }
      this.#add(page);
      if (this.#list.forgotten > forgotten) {
        this.#news((await this.#read(query, after, signal)).runs, signal);
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

  #news(runs: readonly RunSummary[], signal: AbortSignal): void {
    const { revision, overrun } = this.#state.list;
    this.#list.take(runs);
    const list = this.#list.view();
    if (!signal.aborted && (list.revision !== revision || list.overrun !== overrun)) {
      this.#set({});
    }
  }

  #set(change: Partial<RunsState>): void {
    this.#state = { ...this.#state, ...change, list: this.#list.view() };
    for (const listener of [...this.#listeners]) {
      listener();
    }
  }
}
