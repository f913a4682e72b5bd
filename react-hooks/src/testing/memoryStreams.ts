/** What a run has said by one stream, and who is told of it. */
class MemoryStream {
  readonly chunks: unknown[] = [];
  readonly readers = new Set<ReadableStreamDefaultController<Uint8Array>>();
  isOver = false;
}

/** The streams of an in-memory service, each of a run. */
export class MemoryStreams {
  readonly #streams = new Map<string, Map<string, MemoryStream>>();

  /** @returns the number of the chunk */
  write(run: string, key: string, chunk: unknown): number {
    const stream = this.#of(run, key);
    const seq = stream.chunks.push(chunk) - 1;
    for (const reader of stream.readers) {
      reader.enqueue(textOf(chunk, seq));
    }
    return seq;
  }

  /** Whoever reads one alone is told that nothing more comes. */
  end(run: string, key: string): void {
    const stream = this.#of(run, key);
    stream.isOver = true;
    for (const reader of stream.readers) {
      reader.close();
    }
    stream.readers.clear();
  }

  /** All streams of a run are over. */
  endAll(run: string): void {
    for (const key of this.#streams.get(run)?.keys() ?? []) {
      this.end(run, key);
    }
  }

  /** What each stream of a run has told so far. */
  told(run: string): ReadonlyMap<string, readonly unknown[]> {
    return new Map([...(this.#streams.get(run) ?? [])].map(([key, { chunks }]) => [key, chunks]));
  }

  /** A stream alone, from a number on, as an answer of events. */
  read(run: string, key: string, from: number, isOver: boolean): Response {
    const stream = this.#of(run, key);
    let own: ReadableStreamDefaultController<Uint8Array>;
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => {
        own = controller;
        stream.chunks.slice(from).forEach((chunk, index) => {
          controller.enqueue(textOf(chunk, from + index));
        });
        if (isOver || stream.isOver) {
          controller.close();
        } else {
          stream.readers.add(controller);
        }
      },
      cancel: () => {
        stream.readers.delete(own);
      },
    });
    return new Response(body, { headers: { 'content-type': 'text/event-stream' } });
  }

  #of(run: string, key: string): MemoryStream {
    const streams = this.#streams.get(run) ?? new Map<string, MemoryStream>();
    const stream = streams.get(key) ?? new MemoryStream();
    this.#streams.set(run, streams.set(key, stream));
    return stream;
  }
}

function textOf(chunk: unknown, seq: number): Uint8Array {
  const text = `id: ${Date.now()}-${seq}\ndata: ${JSON.stringify(chunk)}\n\n`;
  return new TextEncoder().encode(text);
}
