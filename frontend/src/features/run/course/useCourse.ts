import { useQuery, useQueryClient } from '@tanstack/react-query';
import { type Course, courseOf } from '../../../api/course.ts';
import type { RunSummary } from '../../../api/run.ts';
import { useService } from '../../../live/Service.tsx';
import { useMoving } from '../../../live/useMoving.ts';

/** How a run goes, and a way to read it again. */
export interface CourseState {
  readonly course: Course | undefined;
  readonly again: () => Promise<unknown>;
}

/**
 * Follows a run that is not over: what holds it up is what other runs do, and what it waits for ends
 * without it.
 */
export function useMovingCourse(run: RunSummary): CourseState {
  const { api } = useService();
  const { data, again } = useMoving(
    ['course', run.id],
    (signal) => courseOf(api, run.id, signal),
    run.updatedAt.getTime(),
  );
  return { course: data, again };
}

/** How a run went that is over. */
export function useFinalCourse(run: RunSummary): CourseState {
  const { api } = useService();
  const queries = useQueryClient();
  const { data, refetch } = useQuery<Course>({
    queryKey: ['course', run.id, run.status],
    queryFn: ({ signal }) => courseOf(api, run.id, signal),
    // What was known while it was under way stays until then: nothing of the page shifts.
    placeholderData: () => queries.getQueryData<Course>(['course', run.id]),
  });
  return { course: data, again: () => refetch() };
}
