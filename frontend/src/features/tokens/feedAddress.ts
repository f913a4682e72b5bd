import { feedPath } from '@runcast/react-hooks';

/** What a page may follow, as people name it. */
export const FEED_KINDS = [
  { value: 'all', label: 'All runs' },
  { value: 'tags', label: 'Runs with tags' },
  { value: 'run', label: 'The run itself' },
  { value: 'batch', label: 'A batch' },
  { value: 'parent', label: 'Children of a run' },
] as const;

export type FeedKind = (typeof FEED_KINDS)[number]['value'];

/** The path and query of a feed; undefined while it is not said of what it is. */
export function feedAddress(kind: FeedKind, of: string, run: string): string | undefined {
  const name = of.trim();
  if (kind === 'all') {
    return feedPath({});
  }
  if (kind === 'run') {
    return run.trim() === '' ? undefined : feedPath({ run: run.trim() });
  }
  if (name === '') {
    return undefined;
  }
  return kind === 'tags'
    ? feedPath({
        tags: name
          .split(',')
          .map((tag) => tag.trim())
          .filter(Boolean),
      })
    : feedPath({ [kind]: name });
}
