import { act, configure, render } from '@testing-library/react';
import { type ReactElement, type ReactNode, StrictMode } from 'react';
import { TriggerAuthContext } from '../react/TriggerAuthContext.js';
import { TestSource } from '../testing.js';

configure({ asyncUtilTimeout: 20_000 });

/** What a hook returned at each render, the last one first in line. */
export interface Seen<TResult> {
  readonly all: TResult[];
  readonly now: TResult;
  readonly renders: number;
}

/** A page with one component for each hook that is mounted on it. */
export class Page {
  readonly source: TestSource;

  constructor(source = new TestSource()) {
    this.source = source;
  }

  /** Mounts a component that calls a hook with what it is given, and can be given something else. */
  mount<TResult, TGiven = undefined>(
    hook: (given: TGiven) => TResult,
    given?: NoInfer<TGiven>,
    { strict = false } = {},
  ) {
    const all: TResult[] = [];
    const Watcher = ({ it }: { it: TGiven }): ReactElement | null => {
      all.push(hook(it));
      return null;
    };
    const view = (it: TGiven) => this.#around(<Watcher it={it} />, strict);
    const mounted = render(view(given as TGiven));
    return {
      seen: seenOf(all),
      rerender: (it: TGiven) => mounted.rerender(view(it)),
      unmount: () => mounted.unmount(),
    };
  }

  /** Lets something happen, and the page take it in. */
  async happens(what: () => unknown): Promise<void> {
    await act(async () => {
      await what();
    });
  }

  #around(children: ReactNode, strict: boolean): ReactElement {
    const page = (
      <TriggerAuthContext.Provider value={{ client: this.source.client }}>
        {children}
      </TriggerAuthContext.Provider>
    );
    return strict ? <StrictMode>{page}</StrictMode> : page;
  }
}

function seenOf<TResult>(all: TResult[]): Seen<TResult> {
  return {
    all,
    get now() {
      return all.at(-1) as TResult;
    },
    get renders() {
      return all.length;
    },
  };
}
