import { Group, MultiSelect, NativeSelect, Stack, TagsInput, TextInput } from '@mantine/core';
import { STATUSES, type Status } from '../../api/run.ts';
import { PERIOD_CHOICES, type Period, type RunFilters } from '../../list/runFilters.ts';
import { statusWord } from '../../ui/StatusBadge.tsx';
import classes from './RunFilterBar.module.css';

interface Props {
  readonly filters: RunFilters;
  readonly set: (change: Partial<RunFilters>) => void;
}

const STATUS_CHOICES = STATUSES.map((value) => ({ value, label: statusWord(value) }));

/** Where one says what narrows the list. */
export function FilterFields({ filters, set }: Props) {
  return (
    <Stack gap="sm">
      <MultiSelect
        label="Status"
        data={STATUS_CHOICES}
        value={[...filters.status]}
        onChange={(status) => set({ status: status as Status[] })}
        comboboxProps={{ withinPortal: false }}
        clearable
      />
      <NativeSelect
        className={classes.phone}
        label="Time"
        data={[{ value: '', label: 'Any time' }, ...PERIOD_CHOICES]}
        value={filters.period ?? ''}
        onChange={(event) => set({ period: (event.currentTarget.value || undefined) as Period })}
      />
      <TagsInput
        label="Task"
        value={[...filters.task]}
        onChange={(task) => set({ task })}
        acceptValueOnBlur
      />
      <TagsInput
        label="Tags"
        description="A run needs one of them"
        value={[...filters.tags]}
        onChange={(tags) => set({ tags })}
        acceptValueOnBlur
      />
      <Group grow align="start">
        <TextInput
          label="Batch"
          placeholder="batch_…"
          defaultValue={filters.batch ?? ''}
          onBlur={(event) => set({ batch: event.currentTarget.value.trim() || undefined })}
        />
        <TagsInput
          label="Version"
          value={[...filters.version]}
          onChange={(version) => set({ version })}
          acceptValueOnBlur
        />
      </Group>
    </Stack>
  );
}
