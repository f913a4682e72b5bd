import { Autocomplete, Button, Group, Modal, Select, Stack, Text, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { ApiError } from '../../api/http.ts';
import {
  changeSchedule,
  createSchedule,
  listTimeZones,
  type Schedule,
  upcomingTimes,
} from '../../api/schedules.ts';
import { seenTasks } from '../../api/tasks.ts';
import { useService } from '../../live/Service.tsx';
import {
  type Draft,
  draftFor,
  draftOf,
  type Field,
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
  const [refused, setRefused] = useState<Partial<Record<Field | 'all', string>>>({});
  const [busy, setBusy] = useState(false);
  const zones = useQuery({
    queryKey: ['timezones'],
    queryFn: ({ signal }) => listTimeZones(api, signal),
    staleTime: Number.POSITIVE_INFINITY,
  });
  const tasks = useQuery({ queryKey: ['tasks'], queryFn: ({ signal }) => seenTasks(api, signal) });
  const set = (change: Partial<Draft>) => {
    setDraft((before) => ({ ...before, ...change }));
    setRefused({});
  };

  async function go() {
    setBusy(true);
    try {
      if (schedule === undefined) {
        await createSchedule(api, planOf(draft), draft.deduplicationKey.trim() || newKey());
      } else {
        await changeSchedule(api, schedule.id, planOf(draft));
      }
      await onDone();
      onClose();
    } catch (error) {
      const field = error instanceof ApiError ? fieldOf(error.param, draft) : undefined;
      setRefused({ [field ?? 'all']: error instanceof Error ? error.message : String(error) });
    } finally {
      setBusy(false);
    }
  }

  const submit = (event: FormEvent) => {
    event.preventDefault();
    void go();
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
            <TextInput
              label="Cron expression"
              description="Minute, hour, day, month, weekday"
              classNames={{ input: 'mono' }}
              miw={180}
              value={draft.cron}
              onChange={(event) => set({ cron: event.currentTarget.value })}
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
            <TextInput
              label="Window"
              description="How much later a run may begin"
              placeholder="not at all; 30m or 20%"
              miw={180}
              value={draft.window}
              onChange={(event) => set({ window: event.currentTarget.value })}
              error={refused.window}
            />
            <TextInput
              label="External id"
              description="The runs are told it"
              placeholder="none"
              miw={180}
              value={draft.externalId}
              onChange={(event) => set({ externalId: event.currentTarget.value })}
              error={refused.externalId}
            />
          </Group>
          {schedule === undefined && (
            <TextInput
              label="Deduplication key"
              description="The schedule that has this key already is changed, in place of a new one made"
              placeholder="one of its own"
              value={draft.deduplicationKey}
              onChange={(event) => set({ deduplicationKey: event.currentTarget.value })}
              error={refused.deduplicationKey}
            />
          )}
          {refused.all !== undefined && (
            <Text size="sm" c="var(--failed)" role="alert">
              {refused.all}
            </Text>
          )}
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
