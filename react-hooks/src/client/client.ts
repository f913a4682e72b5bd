import { type Clock, systemClock } from './backoff.js';
import { type Credential, Credentials, type Reader } from './credentials.js';
import { feedParts } from './feed/feedParts.js';
import { feedPath, type Narrowing, type RunFilter, root, type SkipColumn } from './feed/feeds.js';
import { type InitialData, initialDataOf, seedOf } from './feed/initialData.js';
import { type Hold, Registry, type Wanted } from './feed/registry.js';
import { Rest, type RunHandle } from './rest.js';
import type { RealtimeRun } from './run/run.js';
import type { AnyTask } from './run/task.js';
import type { StreamOptions } from './stream/chunks.js';
import type { StreamPart } from './stream/parts.js';
import { RunStream } from './stream/runStream.js';
import type { HttpWorld } from './transport/http.js';
import { Ladder } from './transport/ladder.js';
import { LazyTransport } from './transport/lazyTransport.js';
import type { Transport } from './transport/link.js';
import { tabMemory } from './transport/wayMemory.js';
import type { TriggerOptions } from './trigger.js';

/** Where the service is and what proves that one may read. */
export interface ClientOptions extends Credential {
  readonly baseURL: string;
  readonly fetch?: typeof fetch;
  readonly WebSocket?: typeof WebSocket;
  /** Another way than the network, as the test kit has one. */
  readonly transport?: Transport;
  readonly clock?: Clock;
  /**
   * Whether tabs of one browser share a connection, where it lets them; they do unless it is false,
   * or `fetch` or `WebSocket` are given.
   */
  readonly shareTabs?: boolean;
}

/** How to follow runs. */
export interface FollowOptions extends Credential {
  readonly signal?: AbortSignal | undefined;
  /** What a server has read before, by `snapshot`: goes on from there without a gap. */
  readonly initialData?: InitialData | undefined;
}

/** How to read a stream beside its run. */
export interface BesideOptions extends Credential {
  readonly signal?: AbortSignal | undefined;
  /** The id of the last part that was seen. */
  readonly after: string | undefined;
  /** What to have the feed tell: this stream, or all (`*`). */
  readonly streams: string;
  /** The feed of the run that somebody follows. */
  readonly feed?: string | undefined;
}

/** How to follow one run. */
export interface FollowRunOptions extends FollowOptions {
  /** Ends with the run's final state, unless false. */
  readonly stopOnCompletion?: boolean | undefined;
  readonly skipColumns?: readonly SkipColumn[] | undefined;
}

/**
 * A service, as its pages see it. Everything that is followed through one client shares one
 * connection, which is open while anything is followed. Needs no framework.
 */
export class RealtimeClient {
  readonly #own: Credential;
  readonly #core: Core;

  /** @param core what another client has already, to share it */
  constructor(options: ClientOptions, core = new Core(options)) {
    this.#own = options;
    this.#core = core;
  }

  /** The same client for somebody with another token. */
  with(credential: Credential): RealtimeClient {
    const { accessToken = this.#own.accessToken } = credential;
    return new RealtimeClient(
      { ...this.#own, ...credential, accessToken, baseURL: '' },
      this.#core,
    );
  }

  /** One run, state by state. */
  subscribeToRun<TTask extends AnyTask = AnyTask>(
    runId: string,
    { stopOnCompletion = true, skipColumns, ...options }: FollowRunOptions = {},
  ): RunStream<TTask> {
    return this.subscribeToRuns({ run: runId, stopOnCompletion, skipColumns }, options);
  }

  /** The runs that carry all of these tags. */
  subscribeToRunsWithTag<TTask extends AnyTask = AnyTask>(
    tag: string | readonly string[],
    filters: Narrowing = {},
    options: FollowOptions = {},
  ): RunStream<TTask> {
    return this.subscribeToRuns({ ...filters, tags: tag }, options);
  }

  /** The runs of one batch. */
  subscribeToBatch<TTask extends AnyTask = AnyTask>(
    batchId: string,
    options: FollowOptions = {},
  ): RunStream<TTask> {
    return this.subscribeToRuns({ batch: batchId }, options);
  }

  /** The runs of any filter; of the whole environment for `{}`. */
  subscribeToRuns<TTask extends AnyTask = AnyTask>(
    filter: RunFilter,
    options: FollowOptions = {},
  ): RunStream<TTask> {
    return new RunStream(() => this.hold(filter, options), options.signal);
  }

  /**
   * The parts of a run's stream, as they are written: beside the run, on the one connection, unless
   * only some of them are wanted.
   *
   * @param after the id of the last part that was seen, to go on from in the same page
   */
  stream<TChunk = unknown>(
    runId: string,
    key = 'default',
    options: StreamOptions & Credential = {},
    after?: string,
  ): AsyncIterable<StreamPart<TChunk>> {
    const { from, startIndex, lastEventId, timeoutInSeconds, alone } = options;
    const isAll = (from ?? startIndex ?? lastEventId ?? timeoutInSeconds) === undefined;
    return isAll && !alone && isListable(key)
      ? this.streamBeside(runId, key, { ...options, after, streams: key })
      : this.#streamAlone(runId, key, { ...options, lastEventId: after ?? lastEventId });
  }

  /** The parts of a stream, by way of a feed of its run that others may follow, too. */
  async *streamBeside<TChunk>(
    runId: string,
    key: string,
    options: BesideOptions,
  ): AsyncGenerator<StreamPart<TChunk>, void, void> {
    const { signal, accessToken, refreshAccessToken, after, streams, feed } = options;
    if (!signal?.aborted) {
      const credential = { accessToken, refreshAccessToken };
      const shared = feed ?? feedPath({ run: runId, stopOnCompletion: true }, 'proof');
      const hold = this.registry.acquire(this.wanted(shared, credential, streams));
      yield* feedParts(hold, { key, after, signal }, (lastEventId) =>
        this.#streamAlone<TChunk>(runId, key, { ...credential, lastEventId, signal }),
      );
    }
  }

  async *#streamAlone<TChunk>(
    runId: string,
    key: string,
    options: StreamOptions & Credential,
  ): AsyncGenerator<StreamPart<TChunk>, void, void> {
    const { token } = this.#reader(options);
    // Few pages need it, so few fetch it.
    const { readStream } = await import('./stream/chunks.js');
    const path = `/realtime/v1/streams/${encodeURIComponent(runId)}/${encodeURIComponent(key)}`;
    yield* readStream<TChunk>(this.#core.world, token, path, options);
  }

  /**
   * What a feed holds now, and where to go on from: plain data that a server can hand to a page as
   * `initialData`.
   */
  snapshot(filter: RunFilter, options: Credential = {}): Promise<InitialData> {
    return initialDataOf(feedPath(filter, 'proof'), this.hold(filter, options));
  }

  /** A run as it stands. */
  retrieveRun<TTask extends AnyTask = AnyTask>(
    runId: string,
    options: Credential = {},
  ): Promise<RealtimeRun<TTask>> {
    return this.#core.rest.retrieveRun(this.#reader(options).token, runId) as Promise<
      RealtimeRun<TTask>
    >;
  }

  /** Starts a run of a task. */
  triggerTask<TIdentifier extends string>(
    task: TIdentifier,
    payload: unknown,
    options: TriggerOptions = {},
    credential: Credential = {},
  ): Promise<RunHandle<TIdentifier>> {
    return this.#core.rest.triggerTask(this.#reader(credential).token, task, payload, options);
  }

  /** Completes a wait token, with anything that JSON can say. */
  completeWaitToken(id: string, output: unknown, credential: Credential = {}): Promise<void> {
    return this.#core.rest.completeWaitToken(this.#reader(credential).token, id, output);
  }

  /** Sends something in to a run. */
  sendInputStream(
    runId: string,
    name: string,
    data: unknown,
    credential: Credential = {},
  ): Promise<void> {
    return this.#core.rest.sendInput(this.#reader(credential).token, runId, name, data);
  }

  /**
   * A feed and who may share it: for those who hold subscriptions themselves.
   *
   * @param streams a stream of the one run to tell beside it, `*` for all of them
   * @param limit how many rows to hold at most
   */
  wanted(feed: string, options: FollowOptions, streams?: string, limit?: number): Wanted {
    const { token, key } = this.#reader(options);
    return { feed, token, reader: key, seed: seedOf(feed, options.initialData), streams, limit };
  }

  /** A hold on the subscription to a filter, to be released. */
  hold(filter: RunFilter, options: FollowOptions): Hold {
    return this.registry.acquire(this.wanted(feedPath(filter, 'proof'), options));
  }

  /** The subscriptions of this client. */
  get registry(): Registry {
    return this.#core.registry;
  }

  /** Ends everything that is followed. */
  close(): void {
    this.#core.registry.close();
  }

  #reader({ accessToken, refreshAccessToken }: Credential): Reader {
    return this.#core.credentials.reader(
      accessToken === undefined ? this.#own : { accessToken, refreshAccessToken },
    );
  }
}

/** What all clients of one service share. */
class Core {
  readonly credentials = new Credentials();
  readonly world: HttpWorld;
  readonly rest: Rest;
  readonly registry: Registry;

  constructor(options: ClientOptions) {
    const { fetch = globalThis.fetch, WebSocket = globalThis.WebSocket } = options;
    const clock = options.clock ?? systemClock;
    const random = Math.random;
    const base = absolute(options.baseURL);
    // Called as a function of its own: the browser's refuses to be anybody's method.
    this.world = { clock, random, base, fetch: (...args) => fetch(...args) };
    this.rest = new Rest(this.world);
    const connect = () => new WebSocket(socketUrl(base), 'runcast.v1');
    const socket = WebSocket === undefined ? undefined : { clock, random, connect };
    const own = () => new Ladder(this.world, socket, tabMemory(base));
    this.registry = new Registry(options.transport ?? shared(options, this.world, own), clock);
  }
}

/** The way of all tabs of a browser together, where they can share one; else this one's own. */
function shared(options: ClientOptions, world: HttpWorld, own: () => Transport): Transport {
  const { locks } = globalThis.navigator ?? {};
  const isPage = globalThis.document !== undefined && globalThis.BroadcastChannel !== undefined;
  const isPlain = options.fetch === undefined && options.WebSocket === undefined;
  if (!isPage || !locks || !isPlain || options.shareTabs === false) {
    return own();
  }
  return new LazyTransport(world, async () => {
    const channel = (name: string) => new BroadcastChannel(name);
    const name = `runcast.tabs.1 ${world.base}`;
    return import('./tabs/tabTransport.js').then(
      ({ TabTransport }) => new TabTransport({ locks, channel, name, own, clock: world.clock }),
      own,
    );
  });
}

/** Whether a stream's name can stand in a list of names. */
function isListable(key: string): boolean {
  return /^[^\s,*]+$/.test(key);
}

/** A page may say where its service is beside itself. */
function absolute(baseURL: string): string {
  const page = globalThis.location?.origin;
  return root(baseURL.startsWith('/') || baseURL === '' ? `${page ?? ''}${baseURL}` : baseURL);
}

function socketUrl(base: string): string {
  return `${base.replace(/^http/, 'ws')}/realtime/v1/socket`;
}
