import type { ReactNode } from 'react';
import classes from './Facts.module.css';

/** Names with their values, a line each. */
export function Facts({ children }: { readonly children: ReactNode }) {
  return <dl className={classes.facts}>{children}</dl>;
}

interface FactProps {
  readonly name: string;
  readonly children: ReactNode;
}

/** One of them. */
export function Fact({ name, children }: FactProps) {
  return (
    <div className={classes.fact}>
      <dt className="quiet">{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
