import type { ReactNode } from 'react';
import classes from './Columns.module.css';

interface Props {
  readonly first: ReactNode;
  readonly second: ReactNode;
  /** The second column is for what accompanies the first. */
  readonly aside?: boolean;
}

/** Two columns of sections; one below the other where there is little room. */
export function Columns({ first, second, aside = false }: Props) {
  return (
    <div className={classes.columns} data-aside={aside}>
      <div className={classes.column}>{first}</div>
      <div className={classes.column}>{second}</div>
    </div>
  );
}
