import { Autocomplete, Button, Group, Modal, Select, Stack, Text } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { paramOf } from '../../api/http.ts';
import {
  changeSchedule,
  createSchedule,
  listTimeZones,
  type Schedule,
  upcomingTimes,
} from '../../api/schedules.ts';
import { seenTasks } from '../../api/tasks.ts';
import { useSubmission } from '../../lib/useSubmission.ts';
import { useService } from '../../live/Service.tsx';
import { Refusal } from '../../ui/Refusal.tsx';
import { TextField } from '../../ui/text/TextField.tsx';
import {
  type Draft,
  draftFor,
  draftOf,
  fieldOf,
  newKey,
  ownZone,
  planOf,
} from './scheduleDraft.ts';
import { Upcoming } from './Upcoming.tsx';

interface Props {
  /** Which one is changed; undefined for a new one. */
  readonly schedule: Schedule | undefined;
  /** The task of a new one, as far as it is known. */
  readonly task: string;
  readonly onClose: () => void;
  readonly onDone: () => Promise<unknown>;
}

/** Long enough to type a field of an expression. */
const TYPING_MS = 300;

/** Makes a schedule, or changes one; shows its next times while one types. */
export function ScheduleForm({ schedule, task, onClose, onDone }: Props) {
  const { api } = useService();
  const [draft, setDraft] = useState<Draft>(() =>
    schedule === undefined ? draftFor(task, ownZone()) : draftOf(schedule),
  );
  const { busy, refused, forget, submit } = useSubmission(
    async () => {
      await (schedule === undefined
        ? createSchedule(api, planOf(draft), draft.deduplicationKey.trim() || newKey())
        : changeSchedule(api, schedule.id, planOf(draft)));
      await onDone();
      onClose();
    },
    (error) => fieldOf(paramOf(error), draft),
  );
  const zones = useQuery({
    queryKey: ['timezones'],
    queryFn: ({ signal }) => listTimeZones(api, signal),
    staleTime: Number.POSITIVE_INFINITY,
  });
  const tasks = useQuery({ queryKey: ['tasks'], queryFn: ({ signal }) => seenTasks(api, signal) });
  const set = (change: Partial<Draft>) => {
    setDraft((before) => ({ ...before, ...change }));
    forget();
  };
  return (
    <Modal
      opened
      onClose={onClose}
      size="lg"
      title={schedule === undefined ? 'New schedule' : `Schedule of ${schedule.task}`}
    >
      <form onSubmit={submit} noValidate>
        <Stack gap="sm">
          <Autocomplete
            label="Task"
            placeholder="Choose one, or type its name"
            data={[...(tasks.data ?? [])]}
            limit={50}
            value={draft.task}
            onChange={(name) => set({ task: name })}
            error={refused.task}
            data-autofocus={draft.task === '' || undefined}
          />
          <Group grow align="start" preventGrowOverflow={false}>
            <TextField
              label="Cron expression"
              description="Minute, hour, day, month, weekday"
              classNames={{ input: 'mono' }}
              miw={180}
              value={draft.cron}
              onText={(cron) => set({ cron })}
              error={refused.cron}
              data-autofocus={draft.task !== '' || undefined}
            />
            <Select
              label="Time zone"
              description="Its clocks decide"
              miw={180}
              searchable
              allowDeselect={false}
              limit={100}
              data={known(zones.data, draft.timezone)}
              value={draft.timezone}
              onChange={(timezone) => set({ timezone: timezone ?? 'UTC' })}
              error={refused.timezone}
            />
          </Group>
          <Preview draft={draft} />
          <Group grow align="start" preventGrowOverflow={false}>
            <TextField
              label="Window"
              description="How much later a run may begin"
              placeholder="not at all; 30m or 20%"
              miw={180}
              value={draft.window}
              onText={(window) => set({ window })}
              error={refused.window}
            />
            <TextField
              label="External id"
              description="The runs are told it"
              placeholder="none"
              miw={180}
              value={draft.externalId}
              onText={(externalId) => set({ externalId })}
              error={refused.externalId}
            />
          </Group>
          {schedule === undefined && (
            <TextField
              label="Deduplication key"
              description="The schedule that has this key already is changed, in place of a new one made"
              placeholder="one of its own"
              value={draft.deduplicationKey}
              onText={(deduplicationKey) => set({ deduplicationKey })}
              error={refused.deduplicationKey}
            />
          )}
          <Refusal>{refused.all}</Refusal>
          <Button type="submit" loading={busy}>
            {schedule === undefined ? 'Create the schedule' : 'Save the changes'}
          </Button>
        </Stack>
      </form>
    </Modal>
  );
}

/** A zone may be called by an older name than those that are listed. */
function known(zones: readonly string[] | undefined, own: string): string[] {
  return zones === undefined ? [own] : zones.includes(own) ? [...zones] : [own, ...zones];
}

/** When it would come. The service tells, which alone knows its dialect of cron. */
function Preview({ draft }: { readonly draft: Draft }) {
  const { api } = useService();
  const [cron] = useDebouncedValue(draft.cron.trim(), TYPING_MS);
  const { data, error } = useQuery({
    queryKey: ['upcoming', cron, draft.timezone],
    queryFn: ({ signal }) => upcomingTimes(api, cron, draft.timezone, signal),
    placeholderData: keepPreviousData,
    retry: false,
    enabled: cron !== '',
  });
  return (
    <div style={{ minHeight: '9.5rem' }} aria-live="polite">
      {error !== null ? (
        <Text size="sm" c="var(--failed)">
          {error.message}
        </Text>
      ) : (
        data !== undefined && <Upcoming times={data} timezone={draft.timezone} />
      )}
    </div>
  );
}
