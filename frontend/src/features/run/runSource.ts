import { parseSummary, type RunSummary } from '../../api/run.ts';
import type { Columns, RunDetails } from '../../api/runs.ts';
import type { FeedState, Live } from '../../live/feed.ts';

/** All that the page of a run shows. */
export interface RunState {
  readonly phase: 'loading' | 'ready' | 'absent' | 'failed';
  readonly error: unknown;
  readonly run: RunSummary | undefined;
  /** The run's members as they came. */
  readonly columns: Columns;
  readonly parent: RunSummary | undefined;
  readonly root: RunSummary | undefined;
  /** In the order of their making. */
  readonly children: readonly RunSummary[];
  readonly feed: FeedState;
}

const NOTHING: RunState = {
  phase: 'loading',
  error: undefined,
  run: undefined,
  columns: {},
  parent: undefined,
  root: undefined,
  children: [],
  feed: { connection: 'connecting', asOf: undefined, error: undefined },
};

/** Reads a run with its relatives. */
export type ReadRun = (id: string, signal: AbortSignal) => Promise<RunDetails | undefined>;

/**
 * One run: as it was read, then as it and its children change. An external store for React.
 */
export class RunSource {
  readonly #id: string;
  readonly #read: ReadRun;
  readonly #live: Pick<Live, 'openFeed' | 'openRun'>;
  readonly #listeners = new Set<() => void>();
  readonly #children = new Map<string, RunSummary>();
  #state = NOTHING;
  #ending = new AbortController();
  #closeRun: (() => void) | undefined;
  #closeChildren: (() => void) | undefined;

  constructor(id: string, read: ReadRun, live: Pick<Live, 'openFeed' | 'openRun'>) {
    this.#id = id;
    this.#read = read;
    this.#live = live;
  }

  readonly getSnapshot = () => this.#state;

  readonly subscribe = (listener: () => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Begins anew; what is returned ends it. */
  readonly start = () => {
    this.#ending = new AbortController();
    this.#children.clear();
    this.#set(NOTHING);
    void this.#begin(this.#ending.signal);
    return this.stop;
  };

  readonly stop = () => {
    this.#ending.abort();
    this.#closeRun?.();
    this.#closeChildren?.();
    this.#closeRun = undefined;
    this.#closeChildren = undefined;
  };

  async #begin(signal: AbortSignal): Promise<void> {
    try {
      const details = await this.#read(this.#id, signal);
      if (signal.aborted) {
        return;
      }
      if (details === undefined) {
        this.#set({ phase: 'absent' });
        return;
      }
      const { run, columns, parent, root } = details;
      this.#set({ phase: 'ready', run, columns, parent, root });
      this.#putChildren(details.children);
      this.#follow();
    } catch (error) {
      if (!signal.aborted) {
        this.#set({ phase: 'failed', error });
      }
    }
  }

  /** From scratch: what was read leaves out columns that the feeds have. */
  #follow(): void {
    this.#closeRun = this.#live.openRun(this.#id, {
      run: (columns) => this.#told(columns),
      state: (feed) => this.#set({ feed }),
    });
    this.#closeChildren = this.#live.openFeed({ parent: this.#id }, undefined, {
      news: (runs) => this.#putChildren(runs),
      state: () => {},
    });
  }

  #told(columns: Columns): void {
    const run = parseSummary(columns);
    if (run !== undefined) {
      this.#set({ run, columns: { ...this.#state.columns, ...columns } });
    }
  }

  #putChildren(runs: readonly RunSummary[]): void {
    if (runs.length > 0) {
      for (const run of runs) {
        const known = this.#children.get(run.id);
        if (known === undefined || known.updatedAt <= run.updatedAt) {
          this.#children.set(run.id, run);
        }
      }
      const children = [...this.#children.values()].sort(
        (a, b) => a.createdAt.getTime() - b.createdAt.getTime() || (a.id < b.id ? -1 : 1),
      );
      this.#set({ children });
    }
  }

  #set(change: Partial<RunState>): void {
    this.#state = { ...this.#state, ...change };
    for (const listener of [...this.#listeners]) {
      listener();
    }
  }
}
