import { isFinal } from '../client/run/run.js';
import { numberOf } from '../client/stream/parts.js';
import type { MemoryRuns } from './memoryRuns.js';
import type { MemoryStreams } from './memoryStreams.js';

/** What was asked of an in-memory service beside its feeds. */
export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly body: unknown;
}

/** What of a request an answer may depend on. */
interface Question {
  readonly body: unknown;
  readonly headers: Headers;
}

type Route = (question: Question, ...groups: string[]) => Response;

/** The requests that hooks make, answered from memory. What it does not know is 404. */
export class MemoryHttp {
  readonly asked: Asked[] = [];
  readonly #runs: MemoryRuns;
  readonly #streams: MemoryStreams;
  readonly #routes: readonly [string, RegExp, Route][];
  #refusal: { status: number; message: string } | undefined;

  constructor(runs: MemoryRuns, streams: MemoryStreams) {
    this.#runs = runs;
    this.#streams = streams;
    this.#routes = [
      ['GET', /^\/api\/v3\/runs\/([^/]+)$/, (_, run) => this.#retrieve(run)],
      [
        'POST',
        /^\/api\/v1\/tasks\/([^/]+)\/trigger$/,
        ({ body }, task) => this.#trigger(task, body),
      ],
      ['POST', /^\/api\/v1\/waitpoints\/tokens\/[^/]+\/complete$/, () => json({ success: true })],
      ['POST', /^\/realtime\/v1\/streams\/[^/]+\/input\/[^/]+$/, () => json({ ok: true })],
      [
        'GET',
        /^\/realtime\/v1\/streams\/([^/]+)\/([^/]+)$/,
        ({ headers }, run, key) => this.#read(headers, run, key),
      ],
    ];
  }

  /** In the place of the browser's. */
  readonly fetch: typeof fetch = async (input, init) => {
    const { pathname } = new URL(String(input));
    const method = init?.method ?? 'GET';
    const body: unknown = typeof init?.body === 'string' ? JSON.parse(init.body) : undefined;
    this.asked.push({ method, path: pathname, body });
    if (this.#refusal !== undefined) {
      return json({ error: this.#refusal.message }, this.#refusal.status);
    }
    for (const [verb, pattern, route] of this.#routes) {
      const match = verb === method ? pattern.exec(pathname) : null;
      if (match !== null) {
        const headers = new Headers(init?.headers);
        return route({ body, headers }, ...match.slice(1).map(decodeURIComponent));
      }
    }
    return json({ error: 'Not found.' }, 404);
  };

  /** Every request is refused from now on; undefined ends that. */
  refuse(refusal: { status: number; message: string } | undefined): void {
    this.#refusal = refusal;
  }

  #retrieve(id = ''): Response {
    const held = this.#runs.runs.get(id);
    return held === undefined ? json({ error: 'Run not found.' }, 404) : json(held.run);
  }

  #trigger(task: string | undefined, body: unknown): Response {
    const id = `run_${this.#runs.runs.size + 1}`;
    const { payload, options } = body as { payload?: unknown; options?: { tags?: unknown } };
    const tags = [options?.tags ?? []].flat();
    this.#runs.put({ id, taskIdentifier: task, payload: plain(payload), tags });
    return json({ id }, 200, { 'x-trigger-jwt': `token of ${id}` });
  }

  /** From after the last part that was read. */
  #read(headers: Headers, run = '', key = ''): Response {
    const last = headers.get('last-event-id');
    const isOver = isFinal(String(this.#runs.runs.get(run)?.run.status));
    return this.#streams.read(run, key, last === null ? 0 : numberOf(last) + 1, isOver);
  }
}

/** A payload is sent as text. */
function plain(payload: unknown): unknown {
  try {
    return typeof payload === 'string' ? JSON.parse(payload) : payload;
  } catch {
    return payload;
  }
}

function json(body: unknown, status = 200, headers: Record<string, string> = {}): Response {
  return new Response(JSON.stringify(body), {
    status,
    headers: { 'content-type': 'application/json', ...headers },
  });
}
