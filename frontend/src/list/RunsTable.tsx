import { Button, Loader } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { useNavigate } from '@tanstack/react-router';
import {
  type KeyboardEvent,
  useCallback,
  useEffect,
  useId,
  useLayoutEffect,
  useRef,
  useState,
} from 'react';
import { PlaceHolder, RunRow } from './RunRow.tsx';
import classes from './RunsTable.module.css';
import { moved } from './rowKeys.ts';
import { allOrNone, type Selection, toggled } from './selection.ts';
import type { RunsSource, RunsState } from './source/runsSource.ts';
import { useRunLinks } from './useRunLinks.ts';
import { useSight } from './useSight.ts';

interface Props {
  readonly state: RunsState;
  readonly source: Pick<RunsSource, 'row' | 'show' | 'again'>;
  readonly selected: Selection;
  readonly onSelect: (selected: Selection) => void;
}

/** As in RunsTable.module.css. */
const NARROW = '(max-width: 760px)';
const SIZES = { wide: { row: 44, head: 36 }, narrow: { row: 68, head: 0 } };

/** Runs by the hundred thousand: only those in sight are in the document. */
export function RunsTable({ state, source, selected, onSelect }: Props) {
  const { list, length, isWhole } = state;
  const { base, order } = list;
  const scroller = useRef<HTMLDivElement>(null);
  const narrow = useMediaQuery(NARROW, undefined, { getInitialValueInEffect: false });
  const size = narrow ? SIZES.narrow : SIZES.wide;
  const prefix = useId();
  const { from, to, most } = useSight(scroller, length, size.row, size.head);
  const { show } = source;
  useEffect(() => show(from, to), [show, from, to]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: who asks for what is new is led to it
  useLayoutEffect(() => {
    scroller.current?.scrollTo(0, 0);
  }, [state.revealed]);
  const idAt = (index: number) => order[index - base];
  const [current, setCurrent] = useCurrent(base, order);
  const currentId = idAt(current);
  const go = (index: number) => {
    setCurrent(index);
    bringIntoSight(scroller.current, index, size);
  };
  const onKeyDown = useRowKeys({ rows: length, current, currentId, selected, onSelect }, go);
  const links = useRunLinks();
  const chosen = useRef(selected);
  chosen.current = selected;
  const toggle = useCallback((id: string) => onSelect(toggled(chosen.current, id)), [onSelect]);
  return (
    <div className={classes.frame}>
      <div
        ref={scroller}
        className={classes.scroller}
        role="grid"
        aria-label="Runs"
        aria-rowcount={isWhole ? length + 1 : -1}
        aria-multiselectable="true"
        aria-activedescendant={currentId && `${prefix}${currentId}`}
        tabIndex={0}
        onKeyDown={onKeyDown}
        {...links}
        onFocus={() => current < 0 && setCurrent(base)}
      >
        <Header ids={order} selected={selected} onSelect={onSelect} />
        <div className={classes.body} role="rowgroup" style={{ height: length * size.row }}>
          {Array.from({ length: Math.max(0, to - from + 1) }, (_, n) => from + n).map((index) => {
            const run = source.row(idAt(index) ?? '');
            const place = { top: index * size.row, height: size.row, index: index + 2 };
            // Not by its run: a row that comes takes over what one that goes leaves in the document.
            const key = index % most;
            return run === undefined ? (
              <PlaceHolder key={key} {...place} />
            ) : (
              <RunRow
                key={key}
                {...place}
                id={`${prefix}${run.id}`}
                run={run}
                current={index === current}
                selected={selected.has(run.id)}
                onToggle={toggle}
              />
            );
          })}
        </div>
        <Older state={state} onAgain={source.again} />
      </div>
    </div>
  );
}

const COLUMNS = ['Status', 'Task', 'Run', 'Tags', 'Took', 'Created'];

interface HeaderProps {
  readonly ids: readonly string[];
  readonly selected: Selection;
  readonly onSelect: (selected: Selection) => void;
}

function Header({ ids, selected, onSelect }: HeaderProps) {
  const box = useRef<HTMLInputElement>(null);
  const allSelected = selected.size > 0 && ids.every((id) => selected.has(id));
  useLayoutEffect(() => {
    if (box.current !== null) {
      box.current.indeterminate = selected.size > 0 && !allSelected;
    }
  }, [selected, allSelected]);
  return (
    <div className={classes.header} role="row" aria-rowindex={1}>
      <span role="columnheader" className={classes.check}>
        <input
          ref={box}
          type="checkbox"
          className={classes.box}
          aria-label="Select all"
          title="Select all that are loaded"
          tabIndex={-1}
          checked={allSelected}
          onChange={() => onSelect(allOrNone(selected, ids))}
        />
      </span>
      {COLUMNS.map((name) => (
        <span key={name} role="columnheader">
          {name}
        </span>
      ))}
    </div>
  );
}

interface OlderProps {
  readonly state: RunsState;
  readonly onAgain: () => void;
}

/** What stands in the place of rows that are not read yet, or could not be. */
function Older({ state: { error, isWhole, isReading }, onAgain }: OlderProps) {
  if (error !== undefined) {
    return (
      <div className={classes.failed}>
        <Button variant="default" size="xs" onClick={onAgain}>
          Some runs could not be read; try again
        </Button>
      </div>
    );
  }
  return isWhole ? null : (
    <div className={classes.older}>
      {isReading && <Loader size="sm" aria-label="Reading older runs" />}
    </div>
  );
}

/** Where the keys are: -1 before they are anywhere. They stay at their run when others come above. */
function useCurrent(base: number, order: readonly string[]) {
  const [kept, setKept] = useState<{ index: number; id: string | undefined }>();
  const set = useCallback(
    (index: number) => setKept({ index, id: order[index - base] }),
    [base, order],
  );
  if (kept === undefined) {
    return [-1, set] as const;
  }
  const { index, id } = kept;
  const isThere = id === undefined || order[index - base] === id;
  const found = isThere ? -1 : order.indexOf(id);
  return [found < 0 ? index : base + found, set] as const;
}

function bringIntoSight(
  scroller: HTMLElement | null,
  index: number,
  { row, head }: { readonly row: number; readonly head: number },
): void {
  if (scroller !== null) {
    const most = index * row;
    const least = head + most + row - scroller.clientHeight;
    scroller.scrollTop = Math.min(most, Math.max(least, scroller.scrollTop));
  }
}

interface Keys {
  readonly rows: number;
  readonly current: number;
  readonly currentId: string | undefined;
  readonly selected: Selection;
  readonly onSelect: (selected: Selection) => void;
}

function useRowKeys(keys: Keys, go: (index: number) => void) {
  const { rows, current, currentId, selected, onSelect } = keys;
  const navigate = useNavigate();
  return (event: KeyboardEvent<HTMLDivElement>) => {
    const next = moved(event.key, rows, current);
    if (next !== undefined) {
      go(next);
    } else if (event.key === 'Enter' && currentId !== undefined) {
      void navigate({ to: '/runs/$runId', params: { runId: currentId } });
    } else if ((event.key === 'x' || event.key === ' ') && currentId !== undefined) {
      onSelect(toggled(selected, currentId));
    } else {
      return;
    }
    event.preventDefault();
  };
}
