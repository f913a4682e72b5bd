import type { ReactNode } from 'react';
import { isFinal, type RunSummary } from '../../api/run.ts';
import { Section } from '../../ui/Section.tsx';
import { RunAttempts } from './RunAttempts.tsx';
import { RunHoldup } from './RunHoldup.tsx';
import { RunWaits } from './RunWaits.tsx';
import { type CourseState, useFinalCourse, useMovingCourse } from './useCourse.ts';

interface Props {
  readonly run: RunSummary;
  /** The run's timeline. */
  readonly children: ReactNode;
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

function Shown({ run, children, state }: Props & { readonly state: CourseState }) {
  const { course, again } = state;
  return (
    <>
      <Section title="Timeline">
        {children}
        {!isFinal(run.status) && <RunHoldup course={course} />}
      </Section>
      {course !== undefined && !isFinal(run.status) && <RunWaits course={course} onDone={again} />}
      {course !== undefined && <RunAttempts run={run} attempts={course.attempts} />}
    </>
  );
}
