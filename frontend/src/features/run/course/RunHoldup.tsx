import { Link } from '@tanstack/react-router';
import type { Holdup } from '../../../api/course.ts';
import { Timestamp } from '../../../ui/Timestamp.tsx';
import { holdupWords, queueName } from './holdup.ts';
import classes from './RunCourse.module.css';
import { type Waiting, waitingWords } from './waiting.ts';

const OF_QUEUES = ['QUEUE_PAUSED', 'QUEUE_LIMIT', 'KEY_LIMIT'];

interface Props {
  readonly waiting: Waiting | undefined;
  readonly holdup: Holdup | undefined;
}

/** Why a run that is not over does not move; its place is kept when it does. */
export function RunHoldup({ waiting, holdup }: Props) {
  return (
    <p className={classes.holdup} data-testid="holdup" aria-live="polite">
      {waiting !== undefined ? (
        <Why word="Waiting" text={waitingWords(waiting)} until={waiting.until} />
      ) : (
        holdup !== undefined && <HeldUp holdup={holdup} />
      )}
    </p>
  );
}

function HeldUp({ holdup }: { readonly holdup: Holdup }) {
  return (
    <>
      <Why word="Held up" text={holdupWords(holdup)} until={holdup.until} />
      {OF_QUEUES.includes(holdup.reason) && (
        <Link to="/queues" search={{ name: queueName(holdup.queue) }}>
          The queue
        </Link>
      )}
      {holdup.reason === 'NO_WORKER' && <code>npx trigger.dev dev</code>}
    </>
  );
}

interface WhyProps {
  readonly word: string;
  readonly text: string;
  readonly until: Date | undefined;
}

function Why({ word, text, until }: WhyProps) {
  return (
    <>
      <span className="quiet">{word}</span>
      <span>
        {text}
        {until !== undefined && (
          <>
            {' '}
            <Timestamp time={until} />.
          </>
        )}
      </span>
    </>
  );
}
