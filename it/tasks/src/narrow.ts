import { queue, task } from '@trigger.dev/sdk';

const narrow = queue({ name: 'narrow', concurrencyLimit: 1 });

export const narrowChild = task({
  id: 'narrow-child',
  queue: narrow,
  run: async () => 'from below',
});

/** Shares the one place of its queue with the child that it waits for. */
export const narrowParent = task({
  id: 'narrow-parent',
  queue: narrow,
  run: async () => narrowChild.triggerAndWait().unwrap(),
});

/** Is not worth beginning after a second. */
export const brief = task({
  id: 'brief',
  ttl: '1s',
  queue: { name: 'brief' },
  run: async () => 'in time',
});
