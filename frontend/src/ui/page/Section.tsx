import { type ReactNode, useId } from 'react';
import classes from './Section.module.css';

interface Props {
  readonly title: string;
  /** Stands beside the title. */
  readonly tools?: ReactNode;
  readonly children: ReactNode;
}

/** A part of a page under a title. */
export function Section({ title, tools, children }: Props) {
  const id = useId();
  return (
    <section className={`${classes.section} panel`} aria-labelledby={id}>
      <div className={classes.head}>
        <h2 id={id} className={`${classes.title} ellipsis`}>
          {title}
        </h2>
        {tools}
      </div>
      {children}
    </section>
  );
}
