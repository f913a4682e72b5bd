import type { RunSummary } from '../../api/run.ts';
import type { PageMark, RunPage } from '../../api/runs.ts';
import type { FeedState, OpenFeed } from '../../live/feed.ts';
import { feedFilterOf, matches, queryOf, type RunFilters } from '../runFilters.ts';
import { ListLength } from './listLength.ts';
import { type Anchor, nextRead, type Read, type Sight, within } from './nextRead.ts';
import { type ListView, RunList } from './runList.ts';

/** Reads a page of a list. */
export type ReadPage = (
  query: URLSearchParams,
  mark: PageMark,
  signal: AbortSignal,
) => Promise<RunPage>;

/** All that the page of runs shows beside the runs themselves. */
export interface RunsState {
  readonly phase: 'loading' | 'ready' | 'failed';
  readonly error: unknown;
  readonly list: ListView;
  /** How many runs the list has, held or not, as far as that is known. */
  readonly length: number;
  /** Whether that is all, or there are older ones that were not counted. */
  readonly isWhole: boolean;
  readonly isReading: boolean;
  /** How often what is new was asked for: it is to be seen then. */
  readonly revealed: number;
  readonly feed: FeedState;
}

const NOTHING_IN_SIGHT: Sight = { from: 0, to: 0 };

const NO_FEED: FeedState = { connection: 'connecting', asOf: undefined, error: undefined };

/** The beginning of the list is read anew, and what is new there is to be seen. */
interface Return {
  readonly kind: 'return';
}

const RETURN: Return = { kind: 'return' };

/**
 * The runs that some filters ask for: the pages around what is in sight from the list, and what
 * changes from the feed, without a gap in between. An external store for React.
 */
export class RunsSource {
  readonly #filters: RunFilters;
  readonly #read: ReadPage;
  readonly #openFeed: OpenFeed;
  readonly #listeners = new Set<() => void>();
  #list: RunList;
  #state: RunsState;
  #sight: Sight = NOTHING_IN_SIGHT;
  readonly #length = new ListLength();
  #anchor: Anchor | undefined;
  /** Whether the beginning of the list is to be read anew. */
  #isReturning = false;
  #closeFeed: (() => void) | undefined;
  #ending = new AbortController();

  constructor(filters: RunFilters, read: ReadPage, openFeed: OpenFeed) {
    this.#filters = filters;
    this.#read = read;
    this.#openFeed = openFeed;
    this.#list = this.#emptyList();
    this.#state = this.#begun();
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
    this.#sight = NOTHING_IN_SIGHT;
    this.#set(this.#begun());
    void this.#first(this.#ending.signal);
    return this.stop;
  };

  readonly stop = () => {
    this.#ending.abort();
    this.#closeFeed?.();
    this.#closeFeed = undefined;
  };

  /** Shows the runs that have come since; where the beginning is not held, it is read anew. */
  readonly reveal = () => {
    const { base, overrun } = this.#state.list;
    this.#sight = NOTHING_IN_SIGHT;
    if (overrun || base > 0) {
      this.#isReturning = true;
      this.again();
      return;
    }
    const shown = this.#list.reveal();
    this.#length.grow(shown);
    this.#anchor = this.#anchor && { ...this.#anchor, at: this.#anchor.at + shown };
    this.#set({ revealed: this.#state.revealed + 1 });
  };

  /** Says which rows are in sight, the last one included: what is around them is read. */
  readonly show = (from: number, to: number) => {
    this.#sight = { from, to };
    this.#fill();
  };

  /** Tries once more what could not be read. */
  readonly again = () => {
    this.#set({ error: undefined });
    this.#fill();
  };

  /** Says how many runs the service counts; undefined where it does not. */
  readonly expect = (counted: number | undefined) => {
    this.#length.expect(counted);
    if (this.#length.of(this.#list.view()).length !== this.#state.length) {
      this.#set({});
    }
  };

  #emptyList(): RunList {
    return new RunList((run) => matches(this.#filters, run, Date.now()));
  }

  #begun(): RunsState {
    return {
      phase: 'loading',
      error: undefined,
      list: this.#list.view(),
      length: 0,
      isWhole: false,
      isReading: false,
      revealed: 0,
      feed: NO_FEED,
    };
  }

  async #first(signal: AbortSignal): Promise<void> {
    try {
      const page = await this.#read(queryOf(this.#filters), {}, signal);
      if (signal.aborted) {
        return;
      }
      this.#home(page);
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

  #home(page: RunPage): void {
    this.#list.begin(page);
    this.#length.forget();
    this.#anchor = page.next === undefined ? undefined : { at: page.runs.length, after: page.next };
    this.#seeEnd();
  }

  /** Reads what is wanted next, if anything is, and then what is wanted then. */
  #fill(): void {
    const { phase, error, isReading } = this.#state;
    const read = this.#wanted();
    if (read !== undefined && phase === 'ready' && error === undefined && !isReading) {
      void this.#reading(read).then((done) => done && this.#fill());
    }
  }

  #wanted(): Read | Return | undefined {
    if (this.#isReturning) {
      return RETURN;
    }
    const { base, order } = this.#list.view();
    const { next, previous } = this.#list;
    const held = { base, end: base + order.length, next, previous };
    return nextRead(held, within(this.#sight, this.#state.length), this.#anchor);
  }

  /** Holds what was to be read, unless what is held has become another meanwhile. */
  async #hold(read: Read | Return, signal: AbortSignal): Promise<void> {
    const page = await this.#page('mark' in read ? read.mark : {}, signal);
    switch (read.kind) {
      case 'return':
        this.#home(page);
        this.#isReturning = false;
        this.#set({ revealed: this.#state.revealed + 1 });
        break;
      case 'home':
        this.#home(page);
        break;
      case 'older':
        if (this.#list.next === read.mark.after) {
          this.#list.addOlder(page);
          this.#seeEnd();
        }
        break;
      case 'newer':
        if (this.#list.previous === read.mark.before) {
          this.#list.addNewer(page);
        }
        break;
      case 'jump':
        this.#land(read.to, read.from, page);
    }
  }

  #land(to: number, from: number, page: RunPage): void {
    if (page.runs.length > 0) {
      this.#list.jump(to, page);
      this.#seeEnd();
    } else {
      this.#length.isJust(from + (page.passed ?? 0));
    }
  }

  /** A page; what was told meanwhile of its runs, and not kept, is read once more. */
  async #page(mark: PageMark, signal: AbortSignal): Promise<RunPage> {
    const query = queryOf(this.#filters);
    const { forgotten } = this.#list;
    const page = await this.#read(query, mark, signal);
    signal.throwIfAborted();
    return this.#list.forgotten > forgotten ? this.#read(query, mark, signal) : page;
  }

  #seeEnd(): void {
    const { base, order } = this.#list.view();
    if (this.#list.next === undefined) {
      this.#length.isJust(base + order.length);
    }
  }

  /** Whether it could be read. */
  async #reading(read: Read | Return): Promise<boolean> {
    const { signal } = this.#ending;
    this.#set({ isReading: true, error: undefined });
    try {
      await this.#hold(read, signal);
      signal.throwIfAborted();
      this.#set({ isReading: false });
      return true;
    } catch (error) {
      if (!signal.aborted) {
        this.#set({ isReading: false, error });
      }
      return false;
    }
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
    const list = this.#list.view();
    this.#state = { ...this.#state, ...this.#length.of(list), ...change, list };
    for (const listener of [...this.#listeners]) {
      listener();
    }
  }
}
