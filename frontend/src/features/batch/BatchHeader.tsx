import type { Batch } from '../../api/batches.ts';
import { exactTime } from '../../lib/format.ts';
import type { FeedState } from '../../live/feed.ts';
import { ConnectionBadge } from '../../ui/ConnectionBadge.tsx';
import { Elapsed } from '../../ui/Elapsed.tsx';
import { Fact, Facts } from '../../ui/page/Facts.tsx';
import { SubjectHead } from '../../ui/page/SubjectHead.tsx';
import { Timestamp } from '../../ui/Timestamp.tsx';
import classes from './BatchHeader.module.css';
import { type Part, type Progress, rateText } from './batchProgress.ts';

interface Props {
  readonly batch: Batch;
  readonly progress: Progress;
  readonly feed: FeedState;
}

/** Which batch it is, how far it is, and when it will be over. */
export function BatchHeader({ batch, progress, feed }: Props) {
  return (
    <SubjectHead
      id={batch.id}
      title="Batch"
      standing={
        <>
          <span className={`${classes.percent} numbers`} data-testid="percent">
            {progress.percent}%
          </span>
          <ConnectionBadge
            connection={progress.over && feed.error === undefined ? 'ended' : feed.connection}
            asOf={feed.asOf}
          />
        </>
      }
    >
      <Bar progress={progress} />
      <div className={classes.facts}>
        <Facts across>
          <Fact name="Finished">
            {progress.finished.toLocaleString('en')} of {progress.total.toLocaleString('en')}
          </Fact>
          <Fact name="Throughput">
            {progress.perMinute === undefined ? '–' : rateText(progress.perMinute)}
          </Fact>
          <Fact name={progress.over ? 'Took' : 'So far'}>
            <Elapsed from={batch.createdAt} to={batch.completedAt} />
          </Fact>
          <Fact name={progress.over ? 'Ended' : 'Ends'}>
            <End batch={batch} progress={progress} />
          </Fact>
          <Fact name="Created">
            <Timestamp time={batch.createdAt} />
          </Fact>
        </Facts>
      </div>
    </SubjectHead>
  );
}

function End({ batch, progress }: { readonly batch: Batch; readonly progress: Progress }) {
  if (progress.over) {
    return batch.completedAt === undefined ? '–' : <Timestamp time={batch.completedAt} />;
  }
  if (batch.status === 'PENDING' && progress.finished === progress.total) {
    return 'when all items have come';
  }
  return progress.end === undefined ? (
    'can’t be told yet'
  ) : (
    <span title={`${exactTime(progress.end)}, if it goes on like this`}>
      about <Timestamp time={progress.end} />
    </span>
  );
}

const WORDS: Record<Part['name'], string> = {
  done: 'completed',
  failed: 'failed',
  canceled: 'canceled',
  moving: 'executing',
  waiting: 'waiting',
  queued: 'queued',
  coming: 'still to come',
};

function Bar({ progress }: { readonly progress: Progress }) {
  const { parts, percent } = progress;
  const said = parts
    .map(({ name, size }) => `${size.toLocaleString('en')} ${WORDS[name]}`)
    .join(', ');
  return (
    <div
      className={classes.bar}
      role="progressbar"
      aria-label="Progress of the batch"
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={percent}
      aria-valuetext={said}
      title={said}
    >
      {parts.map(({ name, size }) => (
        <span key={name} data-part={name} className={classes.part} style={{ flexGrow: size }} />
      ))}
    </div>
  );
}
