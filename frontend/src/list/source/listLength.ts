import type { ListView } from './runList.ts';

/** Browsers draw nothing that is much higher than as many rows. */
export const MOST_ROWS = 350_000;

/** How long a list is of which only a part is held: by who counts its runs, until its end was seen. */
export class ListLength {
  #counted: number | undefined;
  #end: number | undefined;

  /** Takes what the service counts; undefined where it does not. */
  expect(counted: number | undefined): void {
    this.#counted = counted;
  }

  /** The list is read anew: whatever was seen of it may be over. */
  forget(): void {
    this.#end = undefined;
  }

  /** Its end was seen: whatever the service counts, which may be newer than the list. */
  isJust(rows: number): void {
    this.#end = rows;
  }

  /** Runs that waited are shown. */
  grow(rows: number): void {
    this.#end = this.#end === undefined ? undefined : this.#end + rows;
  }

  /** How many rows it has, and whether there may be older ones that nobody counts. */
  of({ base, order, waiting }: ListView): { readonly length: number; readonly isWhole: boolean } {
    const held = base + order.length;
    const counted = Math.min((this.#counted ?? 0) - waiting, MOST_ROWS);
    const length = this.#end ?? Math.max(held, counted);
    return { length, isWhole: this.#end !== undefined || length > held };
  }
}
