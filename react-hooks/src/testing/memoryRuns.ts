import { RealtimeError } from '../client/errors.js';
import type { Frame, RunColumns } from '../client/protocol.js';
import { isFinal } from '../client/run/run.js';
import type { Link, Transport } from '../client/transport/link.js';
import type { MemoryStreams } from './memoryStreams.js';

interface Held {
  readonly version: number;
  readonly run: RunColumns;
}

/** The runs of an in-memory service, and whoever follows them. */
export class MemoryRuns implements Transport {
  readonly runs = new Map<string, Held>();
  readonly #links = new Map<Link, ReadonlySet<string>>();
  readonly #streams: MemoryStreams;
  #refusal: { readonly status: number; readonly message: string } | undefined;
  /** How many feeds have been followed so far. */
  opened = 0;
  tellsStreams = true;
  #connected = true;
  #count = 0;

  constructor(streams: MemoryStreams) {
    this.#streams = streams;
  }

  open(link: Link): void {
    this.opened++;
    this.#links.set(link, new Set());
    // A service answers later, never from within the call.
    queueMicrotask(() => this.#begin(link));
  }

  close(link: Link): void {
    this.#links.delete(link);
  }

  /** How many feeds are followed. */
  get size(): number {
    return this.#links.size;
  }

  put(run: RunColumns): RunColumns {
    const held = this.runs.get(run.id);
    const whole: RunColumns = { ...(held?.run ?? fresh(run.id)), updatedAt: now(), ...run };
    this.runs.set(run.id, { version: (held?.version ?? 0) + 1, run: whole });
    this.#tell(run.id);
    if (isFinal(String(whole.status))) {
      this.#streams.endAll(run.id);
    }
    return whole;
  }

  /** A run says something by a stream. */
  write(run: string, stream: string, chunk: unknown): void {
    const seq = this.#streams.write(run, stream, chunk);
    for (const link of this.#connected ? [...this.#links.keys()] : []) {
      if (tellsStream(link.feed, run, stream)) {
        link.take(
          { type: 'chunk', run, stream, seq, at: Date.now(), data: [chunk] },
          this.#cursor(),
        );
      }
    }
  }

  remove(id: string): void {
    this.runs.delete(id);
    this.#tell(id);
  }

  drop(): void {
    this.#connected = false;
    for (const link of this.#links.keys()) {
      link.down();
    }
  }

  restore(): void {
    this.#connected = true;
    for (const link of [...this.#links.keys()]) {
      this.#begin(link);
    }
  }

  /** Tells each feed something that is about none of its runs. */
  tellAll(frame: Frame): void {
    for (const link of this.#connected ? [...this.#links.keys()] : []) {
      link.take(frame, this.#cursor());
    }
  }

  /** Ends every token: who can get another one goes on. */
  async expire(): Promise<void> {
    for (const link of [...this.#links.keys()]) {
      if (link.token.renews) {
        link.take({ type: 'token-expiring', expiresAt: now() }, this.#cursor());
        await link.token.get(true);
      } else {
        this.#refuse(link, 401, 'The access token has expired.', 'unauthorized');
      }
    }
  }

  /** Whatever is followed is refused, until `allow`. */
  refuseAll(status: number, message: string): void {
    this.#refusal = { status, message };
    for (const link of [...this.#links.keys()]) {
      this.#refuse(link, status, message, `http-${status}`);
    }
  }

  allow(): void {
    this.#refusal = undefined;
  }

  #refuse(link: Link, status: number, error: string, code: string): void {
    this.#links.delete(link);
    link.refuse(RealtimeError.of(status, { error, code }));
  }

  /** All there is, and on from there. */
  #begin(link: Link): void {
    if (!this.#connected || !this.#links.has(link)) {
      return;
    }
    if (this.#refusal !== undefined) {
      const { status, message } = this.#refusal;
      this.#refuse(link, status, message, `http-${status}`);
      return;
    }
    if (!this.tellsStreams && urlOf(link.feed).searchParams.has('streams')) {
      const facts = { code: 'streams', status: 400, retryable: false, param: 'streams' };
      this.#links.delete(link);
      link.refuse(new RealtimeError('There are no streams here.', facts));
      return;
    }
    const runs = [...this.runs.values()].filter(({ run }) => matches(link.feed, run));
    if (isOfCounts(link)) {
      link.take({ type: 'live' }, this.#cursor());
      link.take(countsOf(runs), this.#cursor());
      return;
    }
    this.#links.set(link, new Set(runs.map(({ run }) => run.id)));
    const read = { type: 'snapshot', full: true, left: [] } as const;
    link.take({ ...read, start: true, complete: false, runs: [] }, this.#cursor());
    for (const [run, stream, data] of runs.flatMap(({ run }) => this.#told(run.id))) {
      if (tellsStream(link.feed, run, stream)) {
        link.take({ type: 'chunk', run, stream, seq: 0, at: Date.now(), data }, this.#cursor());
      }
    }
    link.take({ ...read, start: false, complete: true, runs }, this.#cursor());
    link.take({ type: 'live' }, this.#cursor());
    this.#endIfDone(link);
  }

  #tell(id: string): void {
    const held = this.runs.get(id);
    for (const [link, known] of this.#connected ? [...this.#links] : []) {
      if (isOfCounts(link)) {
        const runs = [...this.runs.values()].filter(({ run }) => matches(link.feed, run));
        link.take(countsOf(runs), this.#cursor());
      } else if (held !== undefined && matches(link.feed, held.run)) {
        this.#links.set(link, new Set([...known, id]));
        link.take({ type: 'run', whole: true, committedAt: now(), ...held }, this.#cursor());
        this.#endIfDone(link);
      } else if (known.has(id)) {
        link.take({ type: 'leave', id, version: held?.version ?? null }, this.#cursor());
      }
    }
  }

  #told(run: string): [run: string, stream: string, chunks: readonly unknown[]][] {
    return [...this.#streams.told(run)].map(([stream, chunks]) => [run, stream, [...chunks]]);
  }

  #endIfDone(link: Link): void {
    const { pathname, searchParams } = urlOf(link.feed);
    const held = this.runs.get(pathname.slice('/realtime/v1/runs/'.length));
    if (searchParams.has('stopOnCompletion') && held && isFinal(String(held.run.status))) {
      this.#links.delete(link);
      link.take({ type: 'end', reason: 'run-finished', retryable: false }, this.#cursor());
    }
  }

  #cursor(): string {
    return String(++this.#count);
  }
}

function isOfCounts(link: Link): boolean {
  return urlOf(link.feed).searchParams.get('rows') === 'none';
}

function countsOf(runs: readonly Held[]): Frame {
  const counts: Record<string, number> = {};
  for (const { run } of runs) {
    const status = String(run.status);
    counts[status] = (counts[status] ?? 0) + 1;
  }
  return { type: 'counts', members: runs.length, counts, committedAt: now() };
}

/** Whether a run is in a feed; by tags, status and the like, as the service has it. */
function matches(feed: string, run: RunColumns): boolean {
  const { pathname, searchParams } = urlOf(feed);
  const [kind, id] = pathname.slice('/realtime/v1/'.length).split('/');
  if (id !== undefined && decodeURIComponent(id) !== (kind === 'runs' ? run.id : run.batchId)) {
    return false;
  }
  const tags = Array.isArray(run.tags) ? run.tags : [];
  const parent = searchParams.get('parent');
  return (
    searchParams.getAll('tag').every((tag) => tags.includes(tag)) &&
    (parent === null || parent === run.parentRunId) &&
    isListed(searchParams.get('status'), run.status) &&
    isListed(searchParams.get('taskIdentifier'), run.taskIdentifier)
  );
}

/** Whether a feed is of one run and tells a stream of it. */
function tellsStream(feed: string, run: string, stream: string): boolean {
  const { pathname, searchParams } = urlOf(feed);
  const streams = searchParams.get('streams')?.split(',') ?? [];
  return (
    pathname === `/realtime/v1/runs/${encodeURIComponent(run)}` &&
    (streams.includes('*') || streams.includes(stream))
  );
}

function isListed(list: string | null, value: unknown): boolean {
  return list === null || list.split(',').includes(String(value));
}

function urlOf(feed: string): URL {
  return new URL(feed, 'http://memory');
}

function fresh(id: string): RunColumns {
  return {
    id,
    taskIdentifier: 'test-task',
    status: 'QUEUED',
    tags: [],
    realtimeStreams: [],
    createdAt: now(),
    isTest: false,
  };
}

function now(): string {
  return new Date().toISOString();
}
