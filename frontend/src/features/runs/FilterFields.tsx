import { Group, MultiSelect, Stack, TagsInput, TextInput } from '@mantine/core';
import { STATUSES, type Status } from '../../api/run.ts';
import type { RunFilters } from '../../list/runFilters.ts';
import { statusWord } from '../../ui/StatusBadge.tsx';

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
