import type { RunSummary } from '../api/run.ts';

/** What a list shows, as it stands. */
export interface ListView {
  /** The ids that are shown, newest run first: the same array until what is shown changes. */
  readonly order: readonly string[];
  /** How many runs have come since and wait to be shown, as far as they are counted. */
  readonly waiting: number;
  /** Whether so many have come that they are not counted any more: the list is to be read anew. */
  readonly overrun: boolean;
  /** Another number whenever a run of the list has changed. */
  readonly revision: number;
}

/** Beyond so many, new runs are not kept while they wait. */
const MOST_WAITING = 1_000;

/** So many changes of runs below the list are kept, for the page that reads those runs next. */
const MOST_BELOW = 2_000;

/**
 * The runs of a list while it is being read: those that are shown change in their places, those
 * that are new wait until they are asked for, so that nothing moves under the reader's eyes. Costs
 * of a change do not grow with the list, and what is kept does not grow with what happens.
 */
export class RunList {
  readonly #rows = new Map<string, RunSummary>();
  readonly #shown = new Set<string>();
  readonly #waiting = new Set<string>();
  /** What was told of runs that the list does not reach down to, the oldest telling first. */
  readonly #below = new Map<string, RunSummary>();
  readonly #belongs: (run: RunSummary) => boolean;
  #order: readonly string[] = [];
  #complete = false;
  #overrun = false;
  #revision = 0;
  #forgotten = 0;

  /** @param belongs whether a run that is not in the list belongs there */
  constructor(belongs: (run: RunSummary) => boolean) {
    this.#belongs = belongs;
  }

  view(): ListView {
    return {
      order: this.#order,
      waiting: this.#waiting.size,
      overrun: this.#overrun,
      revision: this.#revision,
    };
  }

  /**
   * How many changes of runs below the list were not kept so far. If it has grown while a page was
   * being read, that page may be behind.
   */
  get forgotten(): number {
    return this.#forgotten;
  }

  /** A run of the list. */
  row(id: string): RunSummary | undefined {
    return this.#rows.get(id);
  }

  /** Adds what a page has read, at the end; `last` if there is no further one. */
  addPage(runs: readonly RunSummary[], last: boolean): void {
    const added = runs.filter(({ id }) => !this.#shown.has(id));
    for (const run of runs) {
      this.#put(run);
      this.#waiting.delete(run.id);
      this.#shown.add(run.id);
      const told = this.#below.get(run.id);
      if (told !== undefined) {
        this.#put(told);
        this.#below.delete(run.id);
      }
    }
    this.#order = [...this.#order, ...added.map(({ id }) => id)];
    this.#complete = last;
    this.#revision++;
  }

  /** Takes runs that have changed. */
  take(news: readonly RunSummary[]): void {
    let changed = false;
    for (const run of news) {
      changed = this.#takeOne(run) || changed;
    }
    if (changed) {
      this.#revision++;
    }
  }

  /** Whether it is one of the list. */
  #takeOne(run: RunSummary): boolean {
    if (this.#shown.has(run.id)) {
      return this.#put(run);
    }
    if (!this.#belongs(run)) {
      this.#rows.delete(run.id);
      return this.#waiting.delete(run.id);
    }
    if (!this.#reaches(run)) {
      this.#keepBelow(run);
      return false;
    }
    if (this.#waiting.size < MOST_WAITING || this.#waiting.has(run.id)) {
      this.#put(run);
      this.#waiting.add(run.id);
    } else {
      this.#overrun = true;
    }
    return true;
  }

  #keepBelow(run: RunSummary): void {
    this.#below.delete(run.id);
    this.#below.set(run.id, run);
    if (this.#below.size > MOST_BELOW) {
      const [oldest] = this.#below.keys();
      this.#below.delete(oldest ?? '');
      this.#forgotten++;
    }
  }

  /** Shows those that wait. */
  reveal(): void {
    if (this.#waiting.size > 0) {
      for (const id of this.#waiting) {
        this.#shown.add(id);
      }
      this.#waiting.clear();
      this.#order = [...this.#shown].sort((a, b) => this.#compare(a, b));
      this.#revision++;
    }
  }

  #put(run: RunSummary): boolean {
    const known = this.#rows.get(run.id);
    if (known === undefined || known.updatedAt <= run.updatedAt) {
      this.#rows.set(run.id, run);
      return true;
    }
    return false;
  }

  #reaches(run: RunSummary): boolean {
    const last = this.#rows.get(this.#order.at(-1) ?? '');
    return this.#complete || last === undefined || run.createdAt >= last.createdAt;
  }

  #compare(a: string, b: string): number {
    const first = this.#rows.get(a)?.createdAt.getTime() ?? 0;
    const second = this.#rows.get(b)?.createdAt.getTime() ?? 0;
    return second - first || (a < b ? 1 : -1);
  }
}
