import { Loader, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { runsOfSchedule, type Schedule, upcomingTimes } from '../../api/schedules.ts';
import { useService } from '../../live/Service.tsx';
import { useMoving } from '../../live/useMoving.ts';
import { StatusBadge } from '../../ui/StatusBadge.tsx';
import { Timestamp } from '../../ui/Timestamp.tsx';
import classes from './SchedulesPage.module.css';
import { Upcoming } from './Upcoming.tsx';

const SHOWN = 5;

/** When a schedule comes next, and what it has made last. */
export function ScheduleDetails({ schedule }: { readonly schedule: Schedule }) {
  return (
    <div className={classes.details}>
      <section aria-label="Next times">
        <h2 className={classes.lead}>Next times</h2>
        {schedule.active ? (
          <NextTimes schedule={schedule} />
        ) : (
          <Text size="sm" className="quiet">
            None while it is inactive.
          </Text>
        )}
      </section>
      <section aria-label="Last runs">
        <h2 className={classes.lead}>Last runs</h2>
        <LastRuns schedule={schedule} />
      </section>
      <Facts schedule={schedule} />
    </div>
  );
}

function NextTimes({ schedule }: { readonly schedule: Schedule }) {
  const { api } = useService();
  const { cron, timezone } = schedule;
  // The time that comes next has passed when the list tells of another one.
  const { data, error } = useQuery({
    queryKey: ['upcoming', cron, timezone, schedule.nextRun?.getTime()],
    queryFn: ({ signal }) => upcomingTimes(api, cron, timezone, signal),
  });
  if (error !== null) {
    return error.message;
  }
  return data === undefined ? (
    <Loader size="xs" aria-label="Loading the next times" />
  ) : (
    <Upcoming times={data} timezone={timezone} />
  );
}

function LastRuns({ schedule }: { readonly schedule: Schedule }) {
  const { api } = useService();
  const { data, error } = useMoving(['schedule-runs', schedule.id], (signal) =>
    runsOfSchedule(api, schedule.id, SHOWN, signal),
  );
  if (data === undefined) {
    return error === undefined ? <Loader size="xs" aria-label="Loading the runs" /> : error.message;
  }
  if (data.length === 0) {
    return (
      <Text size="sm" className="quiet">
        It has made none yet.
      </Text>
    );
  }
  return (
    <ul className={classes.runs}>
      {data.map((run) => (
        <li key={run.id} className={classes.run}>
          <StatusBadge status={run.status} />
          <Link to="/runs/$runId" params={{ runId: run.id }} className="mono ellipsis">
            {run.id}
          </Link>
          <span className="quiet">
            <Timestamp time={run.createdAt} />
          </span>
        </li>
      ))}
    </ul>
  );
}

function Facts({ schedule }: { readonly schedule: Schedule }) {
  const facts: readonly (readonly [string, string | undefined])[] = [
    ['Id', schedule.id],
    ['Window', schedule.window],
    ['External id', schedule.externalId],
    ['Deduplication key', schedule.deduplicationKey],
  ];
  return (
    <dl className={classes.facts}>
      {facts.map(
        ([name, value]) =>
          value !== undefined && (
            <div key={name}>
              <dt className="quiet">{name}</dt>
              <dd className="mono">{value}</dd>
            </div>
          ),
      )}
    </dl>
  );
}
