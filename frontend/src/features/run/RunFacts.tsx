import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { RunSummary } from '../../api/run.ts';
import type { Columns } from '../../api/runs.ts';
import { Elapsed } from '../../ui/Elapsed.tsx';
import { Timestamp } from '../../ui/Timestamp.tsx';
import classes from './RunFacts.module.css';

interface Props {
  readonly run: RunSummary;
  readonly columns: Columns;
}

/** What a run was made with. */
export function RunFacts({ run, columns }: Props) {
  return (
    <dl className={classes.facts}>
      <Fact name="Created">
        <Timestamp time={run.createdAt} />
      </Fact>
      <Fact name="Took">
        <Elapsed from={run.startedAt} to={run.finishedAt} />
      </Fact>
      {run.tags.length > 0 && (
        <Fact name="Tags">
          {run.tags.map((tag) => (
            <Link key={tag} to="/runs" search={{ tags: tag }} className={classes.tag}>
              {tag}
            </Link>
          ))}
        </Fact>
      )}
      {run.batchId !== undefined && (
        <Fact name="Batch">
          <Link
            to="/batches/$batchId"
            params={{ batchId: run.batchId }}
            search={{}}
            className="mono"
          >
            {run.batchId}
          </Link>
        </Fact>
      )}
      {FACTS.map(([column, name]) => {
        const value = columns[column];
        return value === undefined || value === null || value === '' ? null : (
          <Fact key={column} name={name}>
            {String(value)}
          </Fact>
        );
      })}
      {run.isTest && <Fact name="Test">yes</Fact>}
    </dl>
  );
}

const FACTS: readonly (readonly [column: string, name: string])[] = [
  ['version', 'Version'],
  ['queue', 'Queue'],
  ['concurrencyKey', 'Concurrency key'],
  ['machine', 'Machine'],
  ['region', 'Region'],
  ['attemptCount', 'Attempts'],
  ['ttl', 'Time to live'],
  ['idempotencyKey', 'Idempotency key'],
];

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div className={classes.fact}>
      <dt className="quiet">{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
