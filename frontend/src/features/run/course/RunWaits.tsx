import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { lazy, Suspense, useState } from 'react';
import type { Course, Wait } from '../../../api/course.ts';
import { Section } from '../../../ui/page/Section.tsx';
import { StatusBadge } from '../../../ui/StatusBadge.tsx';
import { Timestamp } from '../../../ui/Timestamp.tsx';
import classes from './RunCourse.module.css';

const CompleteToken = lazy(async () => ({
  default: (await import('../../../waitpoint/CompleteToken.tsx')).CompleteToken,
}));

interface Props {
  readonly course: Course;
  readonly onDone: () => Promise<unknown>;
}

/** What a run waits for, and what one can do about it. */
export function RunWaits({ course, onDone }: Props) {
  const { waits, moreWaits } = course;
  const [completing, setCompleting] = useState<string>();
  if (waits.length === 0) {
    return null;
  }
  return (
    <Section title="Waits for">
      <ul className={classes.list}>
        {waits.map((wait) => (
          <li
            key={`${wait.kind} ${wait.id ?? wait.until?.getTime()}`}
            className={classes.wait}
            data-ended={wait.ended}
          >
            <span className="quiet">
              {wait.input === undefined ? (KINDS[wait.kind] ?? wait.kind.toLowerCase()) : 'Input'}
            </span>
            <What wait={wait} />
            <Standing wait={wait} onComplete={setCompleting} />
          </li>
        ))}
      </ul>
      {moreWaits > 0 && <p className="quiet">and {moreWaits.toLocaleString('en')} more</p>}
      {completing !== undefined && (
        <Suspense>
          <CompleteToken
            token={completing}
            onClose={() => setCompleting(undefined)}
            onDone={onDone}
          />
        </Suspense>
      )}
    </Section>
  );
}

const KINDS: Readonly<Record<string, string>> = {
  RUN: 'Run',
  DATETIME: 'Time',
  MANUAL: 'Token',
  BATCH: 'Batch',
};

function What({ wait: { kind, id, input, task, until } }: { readonly wait: Wait }) {
  if (input !== undefined) {
    return <span className="ellipsis">{input}</span>;
  }
  if (id === undefined) {
    return until === undefined ? <span>–</span> : <Timestamp time={until} />;
  }
  switch (kind) {
    case 'RUN':
      return (
        <Link to="/runs/$runId" params={{ runId: id }} className="ellipsis" title={id}>
          {task ?? id}
        </Link>
      );
    case 'BATCH':
      return (
        <Link to="/batches/$batchId" params={{ batchId: id }} search={{}} className="mono ellipsis">
          {id}
        </Link>
      );
    case 'MANUAL':
      return (
        <Link to="/waitpoints" search={{ open: id }} className="mono ellipsis" title={id}>
          {id}
        </Link>
      );
    default:
      return <span className="mono ellipsis">{id}</span>;
  }
}

interface StandingProps {
  readonly wait: Wait;
  readonly onComplete: (token: string) => void;
}

function Standing({ wait: { kind, id, status, until, ended }, onComplete }: StandingProps) {
  if (status !== undefined) {
    return <StatusBadge status={status} />;
  }
  if (ended) {
    return <span className="quiet">over</span>;
  }
  if (kind === 'MANUAL' && id !== undefined) {
    return (
      <span className={classes.line}>
        {until !== undefined && (
          <span>
            <span className="quiet">times out</span> <Timestamp time={until} />
          </span>
        )}
        <Button size="compact-sm" variant="default" onClick={() => onComplete(id)}>
          Complete
        </Button>
      </span>
    );
  }
  return <span />;
}
