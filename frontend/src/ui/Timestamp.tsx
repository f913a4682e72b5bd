import { exactTime, relativeTime } from '../lib/format.ts';
import { useNow } from '../lib/useNow.ts';

/** How long ago something was, with the exact time for whoever points at it. */
export function Timestamp({ time }: { readonly time: Date }) {
  const now = useNow();
  return (
    <time className="nowrap numbers" dateTime={time.toISOString()} title={exactTime(time)}>
      {relativeTime(time, now)}
    </time>
  );
}
