import { isFinal, type RunSummary } from '../../../api/run.ts';
import { Section } from '../../../ui/page/Section.tsx';
import { RunAttempts } from './RunAttempts.tsx';
import { RunHoldup } from './RunHoldup.tsx';
import { RunTimeline } from './RunTimeline.tsx';
import { RunWaits } from './RunWaits.tsx';
import type { StreamSpan } from './timeline.ts';
import { type CourseState, useFinalCourse, useMovingCourse } from './useCourse.ts';
import { waitingOf } from './waiting.ts';

interface Props {
  readonly run: RunSummary;
  /** Those that the run triggered. */
  readonly runs: readonly RunSummary[];
  readonly streams: readonly StreamSpan[];
}

/** How a run goes: its timeline with what holds it up, what it waits for, and its attempts. */
export function RunCourse(props: Props) {
  return isFinal(props.run.status) ? <Over {...props} /> : <UnderWay {...props} />;
}

function Over(props: Props) {
  return <Shown {...props} state={useFinalCourse(props.run)} />;
}

function UnderWay(props: Props) {
  return <Shown {...props} state={useMovingCourse(props.run)} />;
}

function Shown({ run, runs, streams, state }: Props & { readonly state: CourseState }) {
  const { course, again } = state;
  const waiting = waitingOf(run, course);
  return (
    <>
      <Section title="Timeline">
        <RunTimeline run={run} waiting={waiting} runs={runs} streams={streams} />
        {!isFinal(run.status) && <RunHoldup waiting={waiting} holdup={course?.holdup} />}
      </Section>
      {course !== undefined && !isFinal(run.status) && <RunWaits course={course} onDone={again} />}
      {course !== undefined && <RunAttempts run={run} attempts={course.attempts} />}
    </>
  );
}
