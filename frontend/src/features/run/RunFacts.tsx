import { Link } from '@tanstack/react-router';
import type { RunSummary } from '../../api/run.ts';
import type { Columns } from '../../api/runs.ts';
import { Elapsed } from '../../ui/Elapsed.tsx';
import { Fact, Facts } from '../../ui/page/Facts.tsx';
import { Timestamp } from '../../ui/Timestamp.tsx';
import classes from './RunFacts.module.css';

interface Props {
  readonly run: RunSummary;
  readonly columns: Columns;
}

/** What a run was made with. */
export function RunFacts({ run, columns }: Props) {
  return (
    <Facts>
      <Fact name="Created">
        <Timestamp time={run.createdAt} />
      </Fact>
      <Fact name="Took">
        <Elapsed from={run.startedAt} to={run.finishedAt} />
      </Fact>
      {run.tags.length > 0 && (
        <Fact name="Tags">
          <span className={classes.tags}>
            {run.tags.map((tag) => (
              <Link key={tag} to="/runs" search={{ tags: tag }} className={classes.tag}>
                {tag}
              </Link>
            ))}
          </span>
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
    </Facts>
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
