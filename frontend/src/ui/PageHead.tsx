import type { ReactNode } from 'react';
import classes from './PageHead.module.css';

interface Props {
  readonly title: string;
  /** What the page is for, in a sentence. */
  readonly about: string;
  /** Stands at the other end of the line. */
  readonly tools?: ReactNode;
}

/** What a page begins with. */
export function PageHead({ title, about, tools }: Props) {
  return (
    <div className={classes.head}>
      <div>
        <h1 className={classes.title}>{title}</h1>
        <p className={`${classes.about} quiet`}>{about}</p>
      </div>
      {tools}
    </div>
  );
}
