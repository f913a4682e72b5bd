import { Tooltip } from '@mantine/core';
import { exactTime, relativeTime } from '../lib/format.ts';
import { useNow } from '../lib/useNow.ts';
import type { Connection } from '../live/feed.ts';
import classes from './ConnectionBadge.module.css';

interface Props {
  readonly connection: Connection;
  /** When what is shown was last known to be right. */
  readonly asOf: Date | undefined;
}

const MEANING: Record<Connection, string> = {
  connecting: 'Connecting to the service',
  live: 'Every change shows here as it happens',
  stale: 'The connection is lost; it comes back by itself',
  ended: 'This changes no more',
};

/** Whether the page is live, and if not, how old it is. */
export function ConnectionBadge({ connection, asOf }: Props) {
  return (
    <Tooltip label={meaning(connection, asOf)}>
      <span className={classes.badge} data-connection={connection} role="status">
        <span className={classes.mark} aria-hidden="true" />
        {connection === 'stale' && asOf !== undefined ? <Age asOf={asOf} /> : WORDS[connection]}
      </span>
    </Tooltip>
  );
}

const WORDS: Record<Connection, string> = {
  connecting: 'Connecting',
  live: 'Live',
  stale: 'Stale',
  ended: 'Final',
};

function Age({ asOf }: { readonly asOf: Date }) {
  return <>As of {relativeTime(asOf, useNow())}</>;
}

function meaning(connection: Connection, asOf: Date | undefined): string {
  return asOf === undefined || connection === 'live'
    ? MEANING[connection]
    : `${MEANING[connection]}. As of ${exactTime(asOf)}`;
}
