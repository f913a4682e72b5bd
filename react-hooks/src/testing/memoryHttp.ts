import type { MemoryRuns } from './memoryRuns.js';

/** What was asked of an in-memory service beside its feeds. */
export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly body: unknown;
}

/** What a stream has, and who reads it. */
class MemoryStream {
  readonly chunks: string[] = [];
  readonly readers = new Set<ReadableStreamDefaultController<Uint8Array>>();
}

type Route = (body: unknown, ...groups: string[]) => Response;

/** The requests that hooks make, answered from memory. What it does not know is 404. */
export class MemoryHttp {
  readonly asked: Asked[] = [];
  readonly #runs: MemoryRuns;
  readonly #streams = new Map<string, MemoryStream>();
  readonly #routes: readonly [string, RegExp, Route][];
  #refusal: { status: number; message: string } | undefined;

  constructor(runs: MemoryRuns) {
    this.#runs = runs;
    this.#routes = [
      ['GET', /^\/api\/v3\/runs\/([^/]+)$/, (_, run) => this.#retrieve(run)],
      ['POST', /^\/api\/v1\/tasks\/([^/]+)\/trigger$/, (body, task) => this.#trigger(task, body)],
      ['POST', /^\/api\/v1\/waitpoints\/tokens\/[^/]+\/complete$/, () => json({ success: true })],
      ['POST', /^\/realtime\/v1\/streams\/[^/]+\/input\/[^/]+$/, () => json({ ok: true })],
      ['GET', /^\/realtime\/v1\/streams\/([^/]+\/[^/]+)$/, (_, name) => this.#read(name)],
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
        return route(body, ...match.slice(1).map(decodeURIComponent));
      }
    }
    return json({ error: 'Not found.' }, 404);
  };

  /** Every request is refused from now on; undefined ends that. */
  refuse(refusal: { status: number; message: string } | undefined): void {
    this.#refusal = refusal;
  }

  write(runId: string, key: string, chunk: unknown): void {
    const stream = this.#stream(`${runId}/${key}`);
    const text = `id: ${Date.now()}-${stream.chunks.length}\ndata: ${JSON.stringify(chunk)}\n\n`;
    stream.chunks.push(text);
    for (const reader of stream.readers) {
      reader.enqueue(bytes(text));
    }
  }

  end(runId: string, key: string): void {
    const { readers } = this.#stream(`${runId}/${key}`);
    for (const reader of readers) {
      reader.close();
    }
    readers.clear();
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

  #read(name = ''): Response {
    const stream = this.#stream(name);
    let own: ReadableStreamDefaultController<Uint8Array>;
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => {
        own = controller;
        stream.readers.add(controller);
        for (const chunk of stream.chunks) {
          controller.enqueue(bytes(chunk));
        }
      },
      cancel: () => {
        stream.readers.delete(own);
      },
    });
    return new Response(body, { headers: { 'content-type': 'text/event-stream' } });
  }

  #stream(name: string): MemoryStream {
    const known = this.#streams.get(name) ?? new MemoryStream();
    this.#streams.set(name, known);
    return known;
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

function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

function json(body: unknown, status = 200, headers: Record<string, string> = {}): Response {
  return new Response(JSON.stringify(body), {
    status,
    headers: { 'content-type': 'application/json', ...headers },
  });
}
