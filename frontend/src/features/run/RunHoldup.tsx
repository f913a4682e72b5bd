import { Link } from '@tanstack/react-router';
import type { Course } from '../../api/course.ts';
import { Timestamp } from '../../ui/Timestamp.tsx';
import { holdupWords, queueName } from './holdup.ts';
import classes from './RunCourse.module.css';

const OF_QUEUES = ['QUEUE_PAUSED', 'QUEUE_LIMIT', 'KEY_LIMIT'];

/** Why a run that is not over does not move; its place is kept when it does. */
export function RunHoldup({ course }: { readonly course: Course | undefined }) {
  const holdup = course?.holdup;
  return (
    <p className={classes.holdup} data-testid="holdup" aria-live="polite">
      {holdup !== undefined && (
        <>
          <span className="quiet">Held up</span>
          <span>
            {holdupWords(holdup)}
            {holdup.until !== undefined && (
              <>
                {' '}
                <Timestamp time={holdup.until} />.
              </>
            )}
          </span>
          {OF_QUEUES.includes(holdup.reason) && (
            <Link to="/queues" search={{ name: queueName(holdup.queue) }}>
              The queue
            </Link>
          )}
          {holdup.reason === 'NO_WORKER' && <code>npx trigger.dev dev</code>}
        </>
      )}
    </p>
  );
}
