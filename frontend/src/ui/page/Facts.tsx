import type { ReactNode } from 'react';
import classes from './Facts.module.css';

interface FactsProps {
  readonly children: ReactNode;
  /** Whether they stand side by side, each below its name; otherwise a line each. */
  readonly across?: boolean;
}

/** Names with their values. */
export function Facts({ children, across = false }: FactsProps) {
  return (
    <dl className={classes.facts} data-across={across}>
      {children}
    </dl>
  );
}

interface FactProps {
  readonly name: string;
  readonly children: ReactNode;
}

/** One of them; nothing where there is no value. */
export function Fact({ name, children }: FactProps) {
  return children === undefined ? null : (
    <div className={classes.fact}>
      <dt className="quiet">{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
