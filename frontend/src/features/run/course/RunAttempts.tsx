import type { Attempt } from '../../../api/course.ts';
import { isFinal, type RunSummary } from '../../../api/run.ts';
import { Elapsed } from '../../../ui/Elapsed.tsx';
import { Section } from '../../../ui/page/Section.tsx';
import { Timestamp } from '../../../ui/Timestamp.tsx';
import { RunError } from '../RunError.tsx';
import { errorOf } from '../runColumns.ts';
import classes from './RunCourse.module.css';

interface Props {
  readonly run: RunSummary;
  readonly attempts: readonly Attempt[];
}

/** The attempts of a run that builds execute, the first one first. */
export function RunAttempts({ run, attempts }: Props) {
  if (attempts.length === 0) {
    return null;
  }
  return (
    <Section title="Attempts">
      <ol className={classes.list}>
        {attempts.map((attempt, index) => (
          <One
            key={attempt.number}
            attempt={attempt}
            run={run}
            last={index === attempts.length - 1}
          />
        ))}
      </ol>
    </Section>
  );
}

interface OneProps {
  readonly attempt: Attempt;
  readonly run: RunSummary;
  readonly last: boolean;
}

function One({ attempt, run, last }: OneProps) {
  const { number, startedAt, endedAt, retryAt, version } = attempt;
  const error = errorOf({ error: attempt.error });
  // That of the last attempt is the run's own, which has a section to itself.
  const shown = last && isFinal(run.status) ? undefined : error;
  const [outcome, word] = outcomeOf(attempt, run, last);
  return (
    <li className={classes.attempt} data-attempt={number}>
      <div className={classes.line}>
        <span className={classes.number}>Attempt {number}</span>
        <span className={classes.outcome}>
          <span className={classes.mark} data-outcome={outcome} aria-hidden="true" />
          {word}
        </span>
        <span>
          <span className="quiet">began</span> <Timestamp time={startedAt} />
        </span>
        <span>
          <span className="quiet">took</span> <Elapsed from={startedAt} to={endedAt} />
        </span>
        {version !== undefined && <span className="quiet numbers">{version}</span>}
        {retryAt !== undefined && last && !isFinal(run.status) && (
          <span>
            <span className="quiet">again</span> <Timestamp time={retryAt} />
          </span>
        )}
      </div>
      {shown !== undefined && <RunError error={shown} />}
    </li>
  );
}

function outcomeOf(
  { endedAt, error }: Attempt,
  run: RunSummary,
  last: boolean,
): readonly [outcome: string, word: string] {
  if (endedAt === undefined) {
    return run.status === 'WAITING' ? ['waiting', 'Waiting'] : ['moving', 'Executing'];
  }
  if (error !== undefined) {
    return ['failed', 'Failed'];
  }
  return last && run.status === 'COMPLETED' ? ['done', 'Completed'] : ['ended', 'Ended'];
}
