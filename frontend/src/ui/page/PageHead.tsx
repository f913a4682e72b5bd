import type { ReactNode } from 'react';
import type { FeedState } from '../../live/feed.ts';
import { ConnectionBadge } from '../ConnectionBadge.tsx';
import classes from './PageHead.module.css';

interface Props {
  readonly title: string;
  /** What the page is for, in a sentence. */
  readonly about: ReactNode;
  /** What the page is told by, if it is live. */
  readonly feed?: FeedState;
  /** Stands at the other end of the line. */
  readonly tools?: ReactNode;
}

/** What a page begins with. */
export function PageHead({ title, about, feed, tools }: Props) {
  return (
    <div className={classes.head}>
      <div className={classes.words}>
        <div className={classes.line}>
          <h1 className={classes.title}>{title}</h1>
          {feed !== undefined && <ConnectionBadge connection={feed.connection} asOf={feed.asOf} />}
        </div>
        <p className={`${classes.about} quiet`}>{about}</p>
      </div>
      {tools !== undefined && <div className={classes.tools}>{tools}</div>}
    </div>
  );
}
