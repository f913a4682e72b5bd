import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import classes from './SubjectHead.module.css';

interface Props {
  readonly id: string;
  readonly title: string;
  /** How it stands, and what can be done about it: beside the title. */
  readonly standing: ReactNode;
  /** What stands below. */
  readonly children?: ReactNode;
}

/** What the page of one thing begins with: where it is among the runs, and how it stands. */
export function SubjectHead({ id, title, standing, children }: Props) {
  return (
    <div className={classes.head}>
      <nav aria-label="Path" className={classes.path}>
        <Link to="/runs" search={{}}>
          Runs
        </Link>
        <span aria-hidden="true">/</span>
        <span className="mono ellipsis" title={id}>
          {id}
        </span>
      </nav>
      <div className={classes.row}>
        <h1 className={`${classes.title} ellipsis`} title={title}>
          {title}
        </h1>
        {standing}
      </div>
      {children}
    </div>
  );
}
