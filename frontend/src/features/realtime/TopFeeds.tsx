import type { FollowedFeed } from '../../api/service.ts';
import { count } from '../../lib/format.ts';
import { Section } from '../../ui/Section.tsx';
import classes from './RealtimePage.module.css';

/** Which feeds of the environment most follow. */
export function TopFeeds({ feeds }: { readonly feeds: readonly FollowedFeed[] }) {
  const most = Math.max(1, ...feeds.map(({ subscriptions }) => subscriptions));
  return (
    <Section title="Top feeds of this environment">
      {feeds.length === 0 ? (
        <p className={classes.note}>Nobody follows anything at this node.</p>
      ) : (
        <ul className={classes.feeds}>
          {feeds.map(({ feed, subscriptions }) => (
            <li key={feed} className={classes.feed}>
              <code className="ellipsis" title={feed}>
                {named(feed)}
              </code>
              <span className="numbers nowrap" title={count(subscriptions, 'subscription')}>
                {subscriptions.toLocaleString('en')}
              </span>
              <span
                className={classes.share}
                style={{ width: `${(100 * subscriptions) / most}%` }}
                aria-hidden="true"
              />
            </li>
          ))}
        </ul>
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
