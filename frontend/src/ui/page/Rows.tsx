import { Button, Group } from '@mantine/core';
import { createContext, type ReactNode, useContext } from 'react';
import classes from './Rows.module.css';

/** A column of such a table: a column of tools comes last, and says little. */
export interface Column {
  readonly name: string;
  readonly holds?: 'numbers' | 'tools';
}

interface RowsProps {
  readonly columns: readonly Column[];
  readonly children: ReactNode;
}

const Width = createContext(1);

/** A table of things that are few; on a telephone each row is a card. */
export function Rows({ columns, children }: RowsProps) {
  return (
    <div className={`${classes.frame} panel`}>
      <table className={classes.rows}>
        <thead>
          <tr>
            {columns.map(({ name, holds }) => (
              <th
                key={name}
                scope="col"
                className={holds === 'numbers' ? classes.number : undefined}
              >
                {holds === 'tools' ? <span className={classes.sub}>{name}</span> : name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          <Width value={columns.length}>{children}</Width>
        </tbody>
      </table>
    </div>
  );
}

interface RowProps {
  readonly [mark: `data-${string}`]: string;
  /** Its cells. */
  readonly children: ReactNode;
  /** What more there is to it, in a row of its own below; undefined while that is not shown. */
  readonly more?: ReactNode;
}

/** One of the things. */
export function Row({ children, more, ...marks }: RowProps) {
  const width = useContext(Width);
  return (
    <>
      <tr className={classes.row} {...marks}>
        {children}
      </tr>
      {more !== undefined && (
        <tr className={classes.more}>
          <td colSpan={width} className={classes.wide}>
            {more}
          </td>
        </tr>
      )}
    </>
  );
}

/** The last cell of a row: what can be done about it. */
export function RowTools({ children }: { readonly children: ReactNode }) {
  return (
    <td className={classes.tools}>
      <Group gap="xs" wrap="nowrap">
        {children}
      </Group>
    </td>
  );
}

interface OpenerProps {
  readonly open: boolean;
  readonly onOpen: (open: boolean) => void;
  /** What it shows, and of which row. */
  readonly label: string;
  readonly children: string;
}

/** Shows what more there is to a row, or no more of it. */
export function Opener({ open, onOpen, label, children }: OpenerProps) {
  return (
    <Button
      size="compact-sm"
      variant="subtle"
      aria-expanded={open}
      aria-label={label}
      onClick={() => onOpen(!open)}
    >
      {children}
    </Button>
  );
}

/** Why something was not done to a row; nothing while there is no reason. */
export function RowRefusal({ text }: { readonly text: string | undefined }) {
  return text === undefined ? null : (
    <div role="alert" className={classes.badge} data-tone="failed">
      {text}
    </div>
  );
}
