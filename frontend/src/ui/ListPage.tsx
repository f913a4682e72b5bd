import { Center, Loader } from '@mantine/core';
import type { ReactNode } from 'react';
import type { FeedState } from '../live/feed.ts';
import { ConnectionBadge } from './ConnectionBadge.tsx';
import { ErrorNotice } from './ErrorNotice.tsx';
import classes from './ListPage.module.css';
import { StaleBanner } from './StaleBanner.tsx';

interface Props {
  readonly title: string;
  /** What it is, in a line. */
  readonly note: ReactNode;
  /** What can be done beside what a single row offers. */
  readonly tools?: ReactNode;
  readonly feed: FeedState;
  /** Whether there is something to show. */
  readonly ready: boolean;
  readonly error: Error | undefined;
  readonly onAgain: () => void;
  readonly children: ReactNode;
}

/** A page that is a list: its head, how it stands with the service, and what it holds. */
export function ListPage({ title, note, tools, feed, ready, error, onAgain, children }: Props) {
  return (
    <div className={classes.page}>
      <StaleBanner feed={feed} />
      <div className={classes.head}>
        <div className={classes.words}>
          <div className={classes.line}>
            <h1 className={classes.title}>{title}</h1>
            <ConnectionBadge connection={feed.connection} asOf={feed.asOf} />
          </div>
          <p className={classes.note}>{note}</p>
        </div>
        <div className={classes.tools}>{tools}</div>
      </div>
      {error !== undefined && <ErrorNotice error={error} onAgain={onAgain} />}
      {ready
        ? children
        : error === undefined && (
            <Center flex={1} mih={160}>
              <Loader aria-label={`Loading: ${title}`} />
            </Center>
          )}
    </div>
  );
}
