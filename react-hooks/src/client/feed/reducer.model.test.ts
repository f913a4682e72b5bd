import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Frame, ToldRun } from '../protocol.js';
import { type FeedState, NOTHING } from './feedState.js';
import { reduce } from './reducer.js';

/**
 * A service that does what docs/PROTOCOL.md allows it to: it tells changes twice, reads the table
 * in parts, is cut off in the middle of that, and is restored from a backup. Whatever it did, the
 * client holds the table when it is told that it is live.
 */
class ServiceModel {
  table = new Map<string, ToldRun>();
  #changed = new Set<string>();
  #versions = new Map<string, number>();
  #backup = { table: new Map<string, ToldRun>(), versions: new Map<string, number>() };
  #readsAll = true;
  #given: Set<string> | undefined;
  client: FeedState = NOTHING;

  /** A version is never given twice, not even to a run that was deleted meanwhile. */
  write(id: string): void {
    const version = (this.#versions.get(id) ?? 0) + 1;
    this.#versions.set(id, version);
    this.table.set(id, { version, run: { id, status: `s${version}`, payload: `p${version % 3}` } });
    this.#changed.add(id);
  }

  remove(id: string): void {
    if (this.table.delete(id)) {
      this.#changed.add(id);
    }
  }

  backup(): void {
    this.#backup = { table: new Map(this.table), versions: new Map(this.#versions) };
  }

  /** The past is another one: everybody has to read all of it. */
  restore(): void {
    this.table = new Map(this.#backup.table);
    this.#versions = new Map(this.#backup.versions);
    this.#readsAll = true;
    this.#given = undefined;
  }

  cut(): void {
    this.#event({ type: 'down', error: undefined, at: 0 });
  }

  /** Tells of one change as it happened; of one that is told again, the same. */
  tellChange(id: string, whole: boolean): void {
    const told = this.table.get(id);
    if (this.#readsAll || told === undefined || !this.#changed.has(id)) {
      return;
    }
    const held = this.client.rows.get(id);
    const follows = held !== undefined && held.version === told.version - 1;
    const sends = whole || !follows || told.run.payload !== held?.columns.payload;
    const { payload, ...narrow } = told.run;
    const run = sends ? told.run : { ...narrow, id };
    this.#frame({ type: 'run', version: told.version, whole: sends, committedAt: undefined, run });
  }

  /** Begins a full read if one is due, or goes on with it. */
  readSome(most: number): void {
    if (!this.#readsAll) {
      this.#difference(most);
      return;
    }
    const start = this.#given === undefined;
    this.#given ??= new Set();
    const given = this.#given;
    const left = [...this.table.values()].filter(({ run }) => !given.has(run.id));
    const runs = left.slice(0, most);
    const complete = runs.length === left.length;
    for (const { run } of runs) {
      given.add(run.id);
    }
    this.#frame({ type: 'snapshot', full: true, start, complete, runs, left: [] });
    if (complete) {
      this.#given = undefined;
      this.#readsAll = false;
    }
  }

  /** What changed since, in parts; then nothing is left to tell. */
  goLive(): void {
    while (this.#readsAll) {
      this.readSome(2);
    }
    this.#difference(Number.POSITIVE_INFINITY);
    this.#frame({ type: 'live' });
  }

  #difference(most: number): void {
    const ids = [...this.#changed].slice(0, most);
    this.#frame({
      type: 'snapshot',
      full: false,
      start: false,
      complete: false,
      runs: ids.flatMap((id) => this.table.get(id) ?? []),
      left: ids.filter((id) => !this.table.has(id)).map((id) => ({ id, version: null })),
    });
  }

  #frame(frame: Frame): void {
    this.#event({ type: 'frame', frame, at: 0 });
  }

  #event(event: Parameters<typeof reduce>[1][number]): void {
    this.client = reduce(this.client, [event]);
  }
}

const id = fc.constantFrom('a', 'b', 'c', 'd');
const step = fc.oneof(
  id.map((run) => (model: ServiceModel) => model.write(run)),
  id.map((run) => (model: ServiceModel) => model.remove(run)),
  fc.tuple(id, fc.boolean()).map(
    ([run, whole]) =>
      (model: ServiceModel) =>
        model.tellChange(run, whole),
  ),
  fc.nat(3).map((most) => (model: ServiceModel) => model.readSome(most)),
  fc.constantFrom(
    (model: ServiceModel) => model.cut(),
    (model: ServiceModel) => model.backup(),
    (model: ServiceModel) => model.goLive(),
  ),
);

it('holds the table whenever it is live, whatever happened before', () => {
  fc.assert(
    fc.property(fc.array(fc.array(step, { maxLength: 12 }), { maxLength: 5 }), (lives) => {
      const model = new ServiceModel();
      for (const steps of lives) {
        for (const happens of steps) {
          happens(model);
        }
        model.goLive();
        expect(held(model.client)).toEqual(held({ rows: model.table }));
        model.restore();
      }
    }),
    { numRuns: 500 },
  );
});

/** Version and columns of each run, in one order. */
function held({ rows }: { rows: FeedState['rows'] | Map<string, ToldRun> }): unknown {
  return [...rows]
    .map(([name, row]) => [name, row.version, 'columns' in row ? row.columns : row.run])
    .sort();
}
