import type { Course, Wait } from '../../../api/course.ts';
import type { RunSummary } from '../../../api/run.ts';

/** What a run may wait for, in a word. */
export type Awaited = 'time' | 'token' | 'input' | 'run' | 'batch';

/** A run that waits: for what, and how long that may take. */
export interface Waiting {
  /** In milliseconds. */
  readonly since: number;
  /** Undefined where the service does not know. */
  readonly what: Awaited | undefined;
  /** The name under which is sent in what it waits for. */
  readonly input: string | undefined;
  /** When it ends by itself: the time that is waited for, or the end of the patience. */
  readonly until: Date | undefined;
}

/**
 * What a run waits for; undefined for one that does not. Of one that no engine executes, and of one
 * whose course is still to be read, it is known only that nothing of it has changed since.
 */
export function waitingOf(run: RunSummary, course: Course | undefined): Waiting | undefined {
  if (run.status !== 'WAITING') {
    return undefined;
  }
  // A task waits for one thing at a time; for a batch, that is its runs.
  const wait = course?.waits.find(({ ended }) => !ended);
  return {
    since: (course?.waitingSince ?? run.updatedAt).getTime(),
    what: wait && whatOf(wait),
    input: wait?.input,
    until: wait?.until,
  };
}

function whatOf({ kind, batch, input }: Wait): Awaited | undefined {
  if (batch !== undefined || kind === 'BATCH') {
    return 'batch';
  }
  return input === undefined ? KINDS[kind] : 'input';
}

const KINDS: Readonly<Record<string, Awaited>> = { RUN: 'run', DATETIME: 'time', MANUAL: 'token' };

/** The same in a sentence, which goes on with when that ends, if it does by itself. */
export function waitingWords({ what, input, until }: Waiting): string {
  switch (what) {
    case undefined:
      return 'It will go on when it is told to.';
    case 'time':
      return 'It goes on by itself';
    case 'run':
      return 'It goes on when the run has ended that it waits for.';
    case 'batch':
      return 'It goes on when all runs of the batch have ended that it waits for.';
    case 'token':
      return `It goes on when somebody completes the token that it waits for${until === undefined ? '.' : '; that times out'}`;
    case 'input':
      return `It goes on when something is sent in to it as ${input}${until === undefined ? '.' : '; its patience ends'}`;
  }
}
