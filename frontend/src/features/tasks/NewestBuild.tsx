import type { Build } from '../../api/taskList.ts';
import { count, relativeTime } from '../../lib/format.ts';
import { useNow } from '../../lib/useNow.ts';

/** Workers ask several times a second, and that is noted every few. */
const PRESENT_MS = 15_000;

/** Which build is the newest, and whether anybody executes tasks. */
export function NewestBuild({ build }: { readonly build: Build | undefined }) {
  const now = useNow();
  if (build === undefined) {
    return 'Pieces of work by their names. No build is registered: runs are left to whoever claims or changes them.';
  }
  const { version, tasks, registeredAt, cliVersion, heardAt } = build;
  const present = heardAt !== undefined && now - heardAt.getTime() < PRESENT_MS;
  return (
    <>
      The newest build is <strong>{version}</strong>, of {count(tasks, 'task')}, registered{' '}
      {relativeTime(registeredAt, now)}
      {cliVersion === undefined ? '' : ` by version ${cliVersion} of the command line tool`}.{' '}
      {present
        ? 'A worker is there and takes runs.'
        : heardAt === undefined
          ? 'No worker has asked for runs yet.'
          : `No worker is there; one asked for runs ${relativeTime(heardAt, now)}.`}
    </>
  );
}
