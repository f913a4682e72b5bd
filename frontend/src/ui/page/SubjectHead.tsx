import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import classes from './SubjectHead.module.css';

interface Props {
  readonly id: string;
  readonly title: string;
  /** The list that it is in. */
  readonly within?: keyof typeof LISTS;
  /** How it stands: beside the title. */
  readonly standing: ReactNode;
  /** What can be done about it: at the other end of the line. */
  readonly tools?: ReactNode;
  /** What stands below. */
  readonly children?: ReactNode;
}

const LISTS = { '/runs': 'Runs', '/tasks': 'Tasks' } as const;

/** What the page of one thing begins with: where it is, and how it stands. */
export function SubjectHead(props: Props) {
  const { id, title, within = '/runs', standing, tools, children } = props;
  return (
    <div className={classes.head}>
      <nav aria-label="Path" className={classes.path}>
        <Link to={within} search={{}}>
          {LISTS[within]}
        </Link>
        {id !== title && (
          <>
            <span aria-hidden="true">/</span>
            <span className="mono ellipsis" title={id}>
              {id}
            </span>
          </>
        )}
      </nav>
      <div className={classes.row}>
        <h1 className={`${classes.title} ellipsis`} title={title}>
          {title}
        </h1>
        {standing}
        {tools !== undefined && <div className={classes.tools}>{tools}</div>}
      </div>
      {children}
    </div>
  );
}
