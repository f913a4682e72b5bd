import { useMemo } from 'react';
import { count } from '../../lib/format.ts';
import { Section } from '../../ui/page/Section.tsx';
import { Plot } from './Plot.tsx';
import classes from './RealtimePage.module.css';
import { followersOf, type History, short } from './serviceHistory.ts';

/** One for each feed that is plotted: more lines than these nobody tells apart. */
const COLOURS = ['--moving', '--done', '--waiting', '--failed', '--queued'];

/** Which feeds of the environment most follow, and how many have since the page was opened. */
export function TopFeeds({ history }: { readonly history: History }) {
  const { feeds, followed } = history;
  const lines = feeds
    .slice(0, COLOURS.length)
    .map(({ feed }, at) => ({ feed, name: named(feed), colour: COLOURS[at] ?? '' }));
  const key = lines.map(({ feed }) => feed).join('\n');
  // biome-ignore lint/correctness/useExhaustiveDependencies: the feeds are in the key
  const columns = useMemo(
    () =>
      followersOf(
        followed,
        lines.map(({ feed }) => feed),
      ),
    [followed, key],
  );
  return (
    <Section title="Top feeds of this environment">
      {feeds.length === 0 ? (
        <p className={classes.note}>Nobody follows anything at this node.</p>
      ) : (
        <>
          <Plot
            columns={columns}
            lines={lines}
            say={short}
            label="Subscriptions of the top feeds since this page was opened"
          />
          <ul className={classes.feeds}>
            {feeds.map(({ feed, subscriptions }, at) => (
              <li key={feed} className={classes.feed}>
                <span
                  className={classes.key}
                  style={{ background: at < COLOURS.length ? `var(${COLOURS[at]})` : 'none' }}
                  aria-hidden="true"
                />
                <code className="ellipsis" title={feed}>
                  {named(feed)}
                </code>
                <span className="numbers nowrap" title={count(subscriptions, 'subscription')}>
                  {subscriptions.toLocaleString('en')}
                </span>
              </li>
            ))}
          </ul>
        </>
      )}
    </Section>
  );
}

/** As people read it: without what all have, and plain letters. */
function named(feed: string): string {
  const short = feed.replace('/realtime/v1/', '');
  try {
    return decodeURIComponent(short.replaceAll('+', ' '));
  } catch {
    return short;
  }
}
