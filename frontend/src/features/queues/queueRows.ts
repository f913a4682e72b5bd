import type { Queue } from '../../api/queues.ts';

/** Which queues are shown. */
export type Shown = 'all' | 'busy' | 'paused' | 'overridden';

/** The same in words. */
export const SHOWN: readonly { readonly value: Shown; readonly label: string }[] = [
  { value: 'all', label: 'All queues' },
  { value: 'busy', label: 'With runs' },
  { value: 'paused', label: 'Paused' },
  { value: 'overridden', label: 'Overridden' },
];

/** Reads it out of an address. */
export function shownOf(text: string | undefined): Shown {
  return SHOWN.find(({ value }) => value === text)?.value ?? 'all';
}

/** Those of some queues that are looked for. */
export function matching(queues: readonly Queue[], name: string, shown: Shown): readonly Queue[] {
  const typed = name.trim().toLowerCase();
  return queues.filter(
    (queue) => queue.name.toLowerCase().includes(typed) && isShown(queue, shown),
  );
}

function isShown(queue: Queue, shown: Shown): boolean {
  switch (shown) {
    case 'all':
      return true;
    case 'busy':
      return queue.queued + queue.running > 0;
    case 'paused':
      return queue.paused;
    case 'overridden':
      return queue.limit.override !== undefined;
  }
}

/** What holds a queue up, if anything does. */
export type Held = 'paused' | 'full' | undefined;

/**
 * Why a queue's runs wait. Where more run than its limit says, that holds for each key of its own: it
 * may be full for one and free for another, which its keys tell.
 */
export function heldOf({ paused, queued, running, limit }: Queue): Held {
  if (paused) {
    return 'paused';
  }
  return queued > 0 && running === limit.current ? 'full' : undefined;
}
