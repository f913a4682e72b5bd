import { IconPlugConnectedX } from '@tabler/icons-react';
import { relativeTime } from '../lib/format.ts';
import { useNow } from '../lib/useNow.ts';
import type { FeedState } from '../live/feed.ts';
import classes from './StaleBanner.module.css';

/** Says that what is shown may be old, for as long as it may be. */
export function StaleBanner({ feed }: { readonly feed: FeedState }) {
  const { connection, asOf, error } = feed;
  if (connection !== 'stale' && error === undefined) {
    return null;
  }
  return (
    <div className={classes.banner} role="alert">
      <IconPlugConnectedX size={18} aria-hidden="true" />
      <span>
        {connection === 'ended' && error !== undefined
          ? `Live updates have stopped: ${error.message}`
          : 'The connection to the service is lost. What you see may be old; it is brought up to date by itself.'}
        {asOf !== undefined && <Age asOf={asOf} />}
      </span>
    </div>
  );
}

function Age({ asOf }: { readonly asOf: Date }) {
  return <span className="nowrap"> As of {relativeTime(asOf, useNow())}.</span>;
}
