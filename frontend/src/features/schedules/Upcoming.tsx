import { Text } from '@mantine/core';
import { relativeTime } from '../../lib/format.ts';
import { useNow } from '../../lib/useNow.ts';
import classes from './SchedulesPage.module.css';
import { ownZone, zoned } from './scheduleDraft.ts';

interface Props {
  readonly times: readonly Date[];
  readonly timezone: string;
}

/** The next times of a schedule, by the clocks of its zone and by those of whoever looks. */
export function Upcoming({ times, timezone }: Props) {
  const now = useNow();
  const own = ownZone();
  const both = own !== timezone;
  return (
    <table className={classes.times} aria-label="The next times">
      <thead>
        <tr>
          <th scope="col">{timezone}</th>
          {both && <th scope="col">Here, {own}</th>}
          <th scope="col">From now</th>
        </tr>
      </thead>
      <tbody>
        {times.map((time) => (
          <tr key={time.getTime()}>
            <td>{zoned(time, timezone)}</td>
            {both && <td>{zoned(time, own)}</td>}
            <td className="quiet">{relativeTime(time, now)}</td>
          </tr>
        ))}
      </tbody>
      {times.length === 0 && (
        <caption>
          <Text size="sm">It never comes.</Text>
        </caption>
      )}
    </table>
  );
}
