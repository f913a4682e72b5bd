import type { Clock } from './client/backoff.js';
import { RealtimeClient } from './client/client.js';
import type { AccessToken } from './client/token.js';
import { type Asked, MemoryHttp } from './testing/memoryHttp.js';
import { MemoryRuns } from './testing/memoryRuns.js';
import { MemoryStreams } from './testing/memoryStreams.js';

/** A run as a test says it: an id, and whatever of its columns matters. Times are ISO texts. */
export interface TestRun {
  readonly id: string;
  readonly [column: string]: unknown;
}

/**
 * A service in memory, for the tests of a page that uses the hooks. Give its `client` to the page's
 * TriggerAuthContext; then say what happens.
 *
 * ```tsx
 * const source = new TestSource();
 * render(
 *   <TriggerAuthContext.Provider value={{ client: source.client }}>…</TriggerAuthContext.Provider>,
 * );
 * source.emit({ id: 'run_1', status: 'COMPLETED', output: 42 });
 * ```
 */
export class TestSource {
  readonly client: RealtimeClient;
  readonly #streams = new MemoryStreams();
  readonly #runs = new MemoryRuns(this.#streams);
  readonly #http = new MemoryHttp(this.#runs, this.#streams);

  constructor(options: { accessToken?: AccessToken; clock?: Clock } = {}) {
    const { accessToken = 'test-token', clock } = options;
    this.client = new RealtimeClient({
      baseURL: 'http://memory',
      accessToken,
      fetch: this.#http.fetch,
      transport: this.#runs,
      ...(clock === undefined ? {} : { clock }),
    });
  }

  /** A run comes to be, or changes: what is not said of it stays as it is. */
  emit(run: TestRun): void {
    this.#runs.put(run);
  }

  /** A run is deleted. */
  remove(id: string): void {
    this.#runs.remove(id);
  }

  /** A part of a run's stream is written; the run names the stream. */
  emitPart(runId: string, key: string, part: unknown): void {
    const named = this.#runs.runs.get(runId)?.run.realtimeStreams;
    const streams = Array.isArray(named) ? named : [];
    if (!streams.includes(key)) {
      this.#runs.put({ id: runId, realtimeStreams: [...streams, key] });
    }
    this.#runs.write(runId, key, part);
  }

  /** A stream is over for those who read a part of it; for the others it is with its run. */
  endStream(runId: string, key: string): void {
    this.#streams.end(runId, key);
  }

  /** Nothing arrives any more; what happens meanwhile is told later. */
  dropConnection(): void {
    this.#runs.drop();
  }

  /** The connection is there again. */
  restoreConnection(): void {
    this.#runs.restore();
  }

  /** The service has heard nothing from its database for a while. */
  fallBehind(): void {
    this.#runs.tellAll({ type: 'stale', since: new Date().toISOString() });
  }

  /** The service has caught up. */
  catchUp(): void {
    this.#runs.tellAll({ type: 'live' });
  }

  /** Tokens end: functions are asked for another one, a page with a single one is refused. */
  expireToken(): Promise<void> {
    return this.#runs.expire();
  }

  /** Whether feeds tell streams beside their run, as they do; over the long poll they don't. */
  tellStreams(tells: boolean): void {
    this.#runs.tellsStreams = tells;
  }

  /** The service says no to all that is followed now, and to every request until `allow`. */
  refuse(status: number, message: string): void {
    this.#http.refuse({ status, message });
    this.#runs.refuseAll(status, message);
  }

  /** Requests are answered again. */
  allow(): void {
    this.#http.refuse(undefined);
    this.#runs.allow();
  }

  /** How many feeds the page follows. */
  get followed(): number {
    return this.#runs.size;
  }

  /** How many feeds the page has begun to follow so far. */
  get opened(): number {
    return this.#runs.opened;
  }

  /** The requests so far, the first one first. */
  get requests(): readonly Asked[] {
    return this.#http.asked;
  }
}
