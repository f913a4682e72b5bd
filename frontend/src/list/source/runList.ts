import type { RunSummary } from '../../api/run.ts';
import type { RunPage } from '../../api/runs.ts';

/** What a list shows, as it stands. */
export interface ListView {
  /** How many runs of the whole list come before those that are held. */
  readonly base: number;
  /** The ids that are held, newest run first: the same array until they change. */
  readonly order: readonly string[];
  /** How many runs have come since and wait to be shown, as far as they are counted. */
  readonly waiting: number;
  /** Whether so many have come that they are not counted any more: the list is to be read anew. */
  readonly overrun: boolean;
  /** Another number whenever a run of the list has changed. */
  readonly revision: number;
}

/** A page as it is held: its neighbours are read from its marks. */
interface Leaf {
  readonly ids: readonly string[];
  readonly previous: string | undefined;
  readonly next: string | undefined;
}

/** Beyond so many, new runs are not kept while they wait. */
const MOST_WAITING = 1_000;

/** So many changes of runs that are not held are kept, for the page that reads those runs next. */
const MOST_ELSEWHERE = 2_000;

/** Pages that are held at once: what is far from what one looks at can be read again. */
const MOST_LEAVES = 30;

/**
 * The part of a list that is being read, some pages in a row: runs that are held change in their
 * places, those that are new wait until they are asked for, so that nothing moves under the
 * reader's eyes. Neither what a change costs nor what is kept grows with the list.
 */
export class RunList {
  readonly #rows = new Map<string, RunSummary>();
  readonly #shown = new Set<string>();
  readonly #waiting = new Set<string>();
  /** What was told of runs that are not held, the oldest telling first. */
  readonly #elsewhere = new Map<string, RunSummary>();
  readonly #belongs: (run: RunSummary) => boolean;
  #leaves: Leaf[] = [];
  #order: readonly string[] = [];
  #base = 0;
  /** When the newest run of the list was created; undefined for an empty list. */
  #newest: Date | undefined;
  #overrun = false;
  #revision = 0;
  #forgotten = 0;

  /** @param belongs whether a run that is not in the list belongs there */
  constructor(belongs: (run: RunSummary) => boolean) {
    this.#belongs = belongs;
  }

  view(): ListView {
    return {
      base: this.#base,
      order: this.#order,
      waiting: this.#waiting.size,
      overrun: this.#overrun,
      revision: this.#revision,
    };
  }

  /** Where the page below what is held is; undefined below the last run. */
  get next(): string | undefined {
    return this.#leaves.at(-1)?.next;
  }

  /** Where the page above what is held is; undefined above the first run. */
  get previous(): string | undefined {
    return this.#leaves[0]?.previous;
  }

  /**
   * How many changes of runs that are not held were not kept so far. If it has grown while a page
   * was being read, that page may be behind.
   */
  get forgotten(): number {
    return this.#forgotten;
  }

  /** A run that is held. */
  row(id: string): RunSummary | undefined {
    return this.#rows.get(id);
  }

  /** Holds the first page and nothing else; nothing waits any more. */
  begin(page: RunPage): void {
    const waited = [...this.#waiting];
    this.#waiting.clear();
    this.#overrun = false;
    this.#newest = page.runs[0]?.createdAt;
    this.jump(0, page);
    this.#forget(waited.filter((id) => !this.#shown.has(id)));
  }

  /** Holds a page and nothing else, which begins at a place of the whole list. */
  jump(base: number, page: RunPage): void {
    const held = [...this.#shown];
    this.#shown.clear();
    this.#base = base;
    this.#leaves = [this.#leafOf(page)];
    // Not before: what was told of a run may be newer than the page.
    this.#forget(held.filter((id) => !this.#shown.has(id)));
    this.#arrange();
  }

  /** Adds the page below what is held. */
  addOlder(page: RunPage): void {
    this.#leaves.push(this.#leafOf(page));
    if (this.#leaves.length > MOST_LEAVES) {
      const [gone] = this.#leaves.splice(0, 1);
      this.#base += gone?.ids.length ?? 0;
      this.#forget(gone?.ids ?? []);
    }
    this.#arrange();
  }

  /** Adds the page above what is held. */
  addNewer(page: RunPage): void {
    const leaf = this.#leafOf(page);
    this.#leaves.unshift(leaf);
    this.#base = page.previous === undefined ? 0 : Math.max(0, this.#base - leaf.ids.length);
    if (this.#leaves.length > MOST_LEAVES) {
      this.#forget(this.#leaves.pop()?.ids ?? []);
    }
    this.#arrange();
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

  /** Shows those that wait: how many. Only where the list is held from its beginning. */
  reveal(): number {
    const count = this.#waiting.size;
    let left = [...this.#waiting].sort(this.#compare);
    this.#waiting.clear();
    this.#leaves = this.#leaves.map((leaf, at) => {
      const last = at === this.#leaves.length - 1 ? undefined : leaf.ids.at(-1);
      const isHere = (id: string) => last === undefined || this.#compare(id, last) < 0;
      const here = left.filter(isHere);
      left = left.filter((id) => !isHere(id));
      return here.length === 0
        ? leaf
        : { ...leaf, ids: [...here, ...leaf.ids].sort(this.#compare) };
    });
    if (count > 0) {
      this.#arrange();
      this.#newest = this.#rows.get(this.#order[0] ?? '')?.createdAt;
    }
    return count;
  }

  #leafOf({ runs, previous, next }: RunPage): Leaf {
    const ids = runs.map(({ id }) => id).filter((id) => !this.#shown.has(id));
    for (const run of runs) {
      this.#put(run);
      this.#waiting.delete(run.id);
      this.#shown.add(run.id);
      const told = this.#elsewhere.get(run.id);
      if (told !== undefined) {
        this.#put(told);
        this.#elsewhere.delete(run.id);
      }
    }
    return { ids, previous, next };
  }

  #arrange(): void {
    this.#order = this.#leaves.flatMap(({ ids }) => ids);
    for (const id of this.#order) {
      this.#shown.add(id);
    }
    this.#revision++;
  }

  #forget(ids: readonly string[]): void {
    for (const id of ids) {
      this.#rows.delete(id);
      this.#shown.delete(id);
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
    if (!this.#isMissing(run)) {
      this.#keepElsewhere(run);
      return false;
    }
    if (this.#waiting.size < MOST_WAITING || this.#waiting.has(run.id)) {
      this.#put(run);
      this.#waiting.add(run.id);
    } else {
      this.#overrun = true;
      this.#keepElsewhere(run);
    }
    return true;
  }

  #keepElsewhere(run: RunSummary): void {
    this.#elsewhere.delete(run.id);
    this.#elsewhere.set(run.id, run);
    if (this.#elsewhere.size > MOST_ELSEWHERE) {
      const [oldest] = this.#elsewhere.keys();
      this.#elsewhere.delete(oldest ?? '');
      this.#forgotten++;
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

  /** Whether a run that belongs would be new to the list, or stand among those that are held. */
  #isMissing({ createdAt }: RunSummary): boolean {
    const first = this.#rows.get(this.#order[0] ?? '');
    const last = this.#rows.get(this.#order.at(-1) ?? '');
    const isNew = this.#newest === undefined || createdAt >= this.#newest;
    const isBelowFirst = this.#base === 0 || first === undefined || createdAt <= first.createdAt;
    const isAboveLast =
      this.next === undefined || last === undefined || createdAt >= last.createdAt;
    return isNew || (isBelowFirst && isAboveLast);
  }

  readonly #compare = (a: string, b: string): number => {
    const first = this.#rows.get(a)?.createdAt.getTime() ?? 0;
    const second = this.#rows.get(b)?.createdAt.getTime() ?? 0;
    return second - first || (a < b ? 1 : -1);
  };
}
