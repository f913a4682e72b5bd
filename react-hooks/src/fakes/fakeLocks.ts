type Granted = (lock: null) => unknown;

interface Waiting {
  readonly grant: () => void;
}

/** Web Locks as they are specified, as far as the client uses them: exclusive, queued, stolen. */
export class FakeLocks {
  readonly #held = new Map<string, { steal: () => void }>();
  readonly #queues = new Map<string, Waiting[]>();

  readonly request = ((name: string, ...rest: [Granted] | [LockOptions, Granted]) => {
    const [options, granted] = rest.length === 1 ? [{}, rest[0]] : rest;
    return new Promise<unknown>((resolve, reject) => {
      const grant = () => this.#grant(name, granted, resolve, reject);
      if (options.steal) {
        this.#held.get(name)?.steal();
        grant();
        return;
      }
      const queue = this.#queues.get(name) ?? [];
      this.#queues.set(name, queue);
      const waiting = { grant };
      queue.push(waiting);
      options.signal?.addEventListener('abort', () => {
        if (queue.includes(waiting)) {
          queue.splice(queue.indexOf(waiting), 1);
          reject(new DOMException('aborted', 'AbortError'));
        }
      });
      this.#next(name);
    });
  }) as LockManager['request'];

  #next(name: string): void {
    const queue = this.#queues.get(name) ?? [];
    // Never from within the call that asks.
    queueMicrotask(() => {
      if (!this.#held.has(name)) {
        queue.shift()?.grant();
      }
    });
  }

  #grant(
    name: string,
    granted: Granted,
    resolve: (result: unknown) => void,
    reject: (why: unknown) => void,
  ): void {
    const held = {
      steal: () => {
        this.#held.delete(name);
        reject(new DOMException('stolen', 'AbortError'));
      },
    };
    this.#held.set(name, held);
    const over = () => {
      if (this.#held.get(name) === held) {
        this.#held.delete(name);
        this.#next(name);
      }
    };
    Promise.resolve(granted(null)).then(resolve, reject).finally(over);
  }
}
