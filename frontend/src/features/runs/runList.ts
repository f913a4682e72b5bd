import type { RunSummary } from '../../api/run.ts';

/** What a list shows, as it stands. */
export interface ListView {
  /** The ids that are shown, newest run first: the same array until what is shown changes. */
  readonly order: readonly string[];
  /** How many runs have come since and wait to be shown. */
  readonly waiting: number;
  /** Another number whenever a run of the list has changed. */
  readonly revision: number;
}

/**
 * The runs of a list while it is being read: those that are shown change in their places, those
 * that are new wait until they are asked for, so that nothing moves under the reader's eyes. Costs
 * of a change do not grow with the list.
 */
export class RunList {
  readonly #rows = new Map<string, RunSummary>();
  readonly #shown = new Set<string>();
  readonly #waiting = new Set<string>();
  readonly #belongs: (run: RunSummary) => boolean;
  #order: readonly string[] = [];
  #complete = false;
  #revision = 0;

  /** @param belongs whether a run that is not in the list belongs there */
  constructor(belongs: (run: RunSummary) => boolean) {
    this.#belongs = belongs;
  }

  view(): ListView {
    return { order: this.#order, waiting: this.#waiting.size, revision: this.#revision };
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
    }
    this.#order = [...this.#order, ...added.map(({ id }) => id)];
    this.#complete = last;
    this.#revision++;
  }

  /** Takes runs that have changed; those that the list does not reach down to are none of its. */
  take(news: readonly RunSummary[]): void {
    for (const run of news) {
      if (this.#shown.has(run.id)) {
        this.#put(run);
      } else if (!this.#belongs(run)) {
        this.#waiting.delete(run.id);
        this.#rows.delete(run.id);
      } else if (this.#reaches(run)) {
        this.#put(run);
        this.#waiting.add(run.id);
      }
    }
    this.#revision++;
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

  #put(run: RunSummary): void {
    const known = this.#rows.get(run.id);
    if (known === undefined || known.updatedAt <= run.updatedAt) {
      this.#rows.set(run.id, run);
    }
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
