import { Button, Checkbox } from '@mantine/core';
import { IconPencil, IconTrash } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { activateSchedule, type Schedule } from '../../api/schedules.ts';
import { useDeed } from '../../lib/useDeed.ts';
import { useService } from '../../live/Service.tsx';
import rows from '../../ui/page/Rows.module.css';
import { Opener, Row, RowRefusal, RowTools } from '../../ui/page/Rows.tsx';
import { Timestamp } from '../../ui/Timestamp.tsx';
import { ScheduleDetails } from './ScheduleDetails.tsx';
import classes from './SchedulesPage.module.css';

interface Props {
  readonly schedule: Schedule;
  /** Whether its next times and last runs are shown. */
  readonly open: boolean;
  readonly onOpen: (open: boolean) => void;
  readonly onEdit: () => void;
  readonly onDelete: () => void;
  readonly onDone: () => Promise<unknown>;
}

/** A schedule in a row, and what is to be known of it in another one. */
export function ScheduleRow({ schedule, open, onOpen, onEdit, onDelete, onDone }: Props) {
  const { api } = useService();
  const { busy, error, go } = useDeed(async () => {
    await activateSchedule(api, schedule.id, !schedule.active);
    await onDone();
  });
  const { task, id, cron, timezone, description, declared, active } = schedule;
  return (
    <Row data-schedule={id} more={open ? <ScheduleDetails schedule={schedule} /> : undefined}>
      <td className={rows.wide}>
        <Link to="/runs" search={{ task }} className={rows.name}>
          {task}
        </Link>{' '}
        {declared && (
          <span
            className={rows.badge}
            title="It stands in the code of its task, and is changed there"
          >
            declared
          </span>
        )}
        <RowRefusal text={error} />
      </td>
      <td className={rows.wide} data-label="When">
        <code className={classes.cron}>{cron}</code> <span className={rows.sub}>{timezone}</span>
        <div className={rows.sub}>{description}</div>
      </td>
      <td data-label="Next">
        {schedule.nextRun === undefined ? '–' : <Timestamp time={schedule.nextRun} />}
      </td>
      <td data-label="Last">
        {schedule.lastRun === undefined ? 'never' : <Timestamp time={schedule.lastRun} />}
      </td>
      <td data-label="Active">
        <Checkbox
          aria-label={`Active: ${task}, ${cron}`}
          checked={active}
          disabled={busy}
          onChange={go}
        />
      </td>
      <RowTools>
        <Opener open={open} onOpen={onOpen} label={`Times and runs of ${task}, ${cron}`}>
          Times
        </Opener>
        <Button
          size="compact-sm"
          variant="default"
          disabled={declared}
          aria-label={`Edit ${task}, ${cron}`}
          leftSection={<IconPencil size={14} />}
          onClick={onEdit}
        >
          Edit
        </Button>
        <Button
          size="compact-sm"
          variant="default"
          disabled={declared}
          aria-label={`Delete ${task}, ${cron}`}
          leftSection={<IconTrash size={14} />}
          onClick={onDelete}
        >
          Delete
        </Button>
      </RowTools>
    </Row>
  );
}
