import { Button, Checkbox, Loader } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { useNavigate } from '@tanstack/react-router';
import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, useCallback, useEffect, useId, useRef, useState } from 'react';
import type { RunSummary } from '../api/run.ts';
import { RunRow } from './RunRow.tsx';
import classes from './RunsTable.module.css';
import { moved } from './rowKeys.ts';
import type { RunsState } from './runsSource.ts';
import { allOrNone, type Selection, toggled } from './selection.ts';

interface Props {
  readonly ids: readonly string[];
  readonly row: (id: string) => RunSummary | undefined;
  /** Another number whenever a run has changed. */
  readonly revision: number;
  readonly older: RunsState['older'];
  readonly error: unknown;
  readonly onOlder: () => void;
  readonly selected: Selection;
  readonly onSelect: (selected: Selection) => void;
}

/** As in RunsTable.module.css. */
const NARROW = '(max-width: 760px)';
const ROW = { wide: 44, narrow: 68 };
const NEAR_END = 20;

/** Runs by the hundred thousand: only those in sight are in the document. */
export function RunsTable(props: Props) {
  const { ids, row, older, onOlder, selected, onSelect } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const narrow = useMediaQuery(NARROW, undefined, { getInitialValueInEffect: false });
  const height = narrow ? ROW.narrow : ROW.wide;
  const prefix = useId();
  const [current, setCurrent] = useState<string>();
  const virtual = useVirtualizer({
    count: ids.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => height,
    getItemKey: (index) => ids[index] ?? index,
    overscan: 12,
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: rows of another height lie elsewhere
  useEffect(() => virtual.measure(), [virtual, height]);
  const items = virtual.getVirtualItems();
  const lastInSight = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (older === 'some' && props.error === undefined && lastInSight >= ids.length - NEAR_END) {
      onOlder();
    }
  }, [older, props.error, lastInSight, ids.length, onOlder]);
  const onKeyDown = useRowKeys({ ids, current, selected, onSelect }, (id) => {
    setCurrent(id);
    virtual.scrollToIndex(ids.indexOf(id), { align: 'auto' });
  });
  const chosen = useRef(selected);
  chosen.current = selected;
  const toggle = useCallback((id: string) => onSelect(toggled(chosen.current, id)), [onSelect]);
  const allSelected = selected.size > 0 && ids.every((id) => selected.has(id));
  return (
    <div className={classes.frame}>
      <div
        ref={scroller}
        className={classes.scroller}
        role="grid"
        aria-label="Runs"
        aria-rowcount={older === 'none' ? ids.length + 1 : -1}
        aria-multiselectable="true"
        aria-activedescendant={current === undefined ? undefined : `${prefix}${current}`}
        tabIndex={0}
        onKeyDown={onKeyDown}
        onFocus={() => setCurrent((known) => known ?? ids[0])}
      >
        <div className={classes.header} role="row" aria-rowindex={1}>
          <span role="columnheader" className={classes.check}>
            <Checkbox
              size="xs"
              aria-label="Select all"
              tabIndex={-1}
              checked={allSelected}
              indeterminate={selected.size > 0 && !allSelected}
              onChange={() => onSelect(allOrNone(selected, ids))}
            />
          </span>
          {['Status', 'Task', 'Run', 'Tags', 'Took', 'Created'].map((name) => (
            <span key={name} role="columnheader">
              {name}
            </span>
          ))}
        </div>
        <div className={classes.body} role="rowgroup" style={{ height: virtual.getTotalSize() }}>
          {items.map(({ index, key, start }) => {
            const run = row(ids[index] ?? '');
            return (
              run && (
                <RunRow
                  key={key}
                  id={`${prefix}${run.id}`}
                  run={run}
                  top={start}
                  height={height}
                  index={index + 2}
                  current={run.id === current}
                  selected={selected.has(run.id)}
                  onToggle={toggle}
                />
              )
            );
          })}
        </div>
        <Older {...props} />
      </div>
    </div>
  );
}

function Older({ older, error, onOlder }: Props) {
  if (older === 'none') {
    return null;
  }
  return (
    <div className={classes.older}>
      {older === 'reading' ? (
        <Loader size="sm" aria-label="Reading older runs" />
      ) : (
        <Button variant="default" size="xs" onClick={onOlder} tabIndex={-1}>
          {error === undefined ? 'Older runs' : 'Older runs could not be read; try again'}
        </Button>
      )}
    </div>
  );
}

interface Keys {
  readonly ids: readonly string[];
  readonly current: string | undefined;
  readonly selected: Selection;
  readonly onSelect: (selected: Selection) => void;
}

function useRowKeys({ ids, current, selected, onSelect }: Keys, go: (id: string) => void) {
  const navigate = useNavigate();
  return (event: KeyboardEvent<HTMLDivElement>) => {
    const next = moved(event.key, ids, current);
    if (next !== undefined) {
      go(next);
    } else if (event.key === 'Enter' && current !== undefined) {
      void navigate({ to: '/runs/$runId', params: { runId: current } });
    } else if ((event.key === 'x' || event.key === ' ') && current !== undefined) {
      onSelect(toggled(selected, current));
    } else {
      return;
    }
    event.preventDefault();
  };
}
