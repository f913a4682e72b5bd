import { Checkbox, Stack, TagsInput, Textarea } from '@mantine/core';
import { Section } from '../../ui/page/Section.tsx';
import { TextField } from '../../ui/text/TextField.tsx';
import type { Draft, Problems } from './testOrder.ts';

interface Props {
  readonly draft: Draft;
  readonly problems: Problems;
  readonly set: (change: Partial<Draft>) => void;
}

/** What a run may be given beside its payload. */
export function TestOptions({ draft, problems, set }: Props) {
  return (
    <Section title="Options">
      <Stack gap="sm">
        <TagsInput
          label="Tags"
          placeholder={draft.tags.length === 0 ? 'user:1' : ''}
          value={[...draft.tags]}
          onChange={(tags) => set({ tags })}
          error={problems.tags}
          acceptValueOnBlur
        />
        <TextField
          label="Delay"
          description="A span such as 90s or 2h30m, or a time"
          placeholder="none"
          value={draft.delay}
          onText={(delay) => set({ delay })}
          error={problems.delay}
        />
        <TextField
          label="Time to live"
          description="It expires if it has not begun by then"
          placeholder="none"
          value={draft.ttl}
          onText={(ttl) => set({ ttl })}
          error={problems.ttl}
        />
        <TextField
          label="Idempotency key"
          description="The same key gives the same run"
          placeholder="none"
          value={draft.idempotencyKey}
          onText={(idempotencyKey) => set({ idempotencyKey })}
          error={problems.idempotencyKey}
        />
        <Textarea
          label="Metadata"
          description="A JSON object"
          placeholder="{}"
          autosize
          minRows={2}
          maxRows={8}
          styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
          value={draft.metadata}
          onChange={(event) => set({ metadata: event.currentTarget.value })}
          error={problems.metadata}
        />
        <Checkbox
          label="Mark it as a test"
          checked={draft.isTest}
          onChange={(event) => set({ isTest: event.currentTarget.checked })}
        />
      </Stack>
    </Section>
  );
}
