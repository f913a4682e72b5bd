import { Spoiler, Stack, Text } from '@mantine/core';
import { CodeBlock } from '../../ui/text/CodeBlock.tsx';
import type { RunErrorInfo } from './runColumns.ts';

/** Why a run failed, with where it happened and what caused it. */
export function RunError({ error }: { readonly error: RunErrorInfo }) {
  return (
    <Stack gap="xs">
      <Text fw={600} c="var(--failed)" style={{ overflowWrap: 'anywhere' }}>
        {error.name === undefined ? error.message : `${error.name}: ${error.message}`}
      </Text>
      {error.stack !== undefined && (
        <Spoiler maxHeight={160} showLabel="Whole stack" hideLabel="Less">
          <CodeBlock text={error.stack} label="Stack" />
        </Spoiler>
      )}
      {error.causes.map((cause, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a run's causes never change their order
        <Stack key={index} gap={4} pl="sm" style={{ borderLeft: '2px solid var(--line)' }}>
          <Text size="xs" className="quiet">
            Caused by
          </Text>
          <RunError error={cause} />
        </Stack>
      ))}
    </Stack>
  );
}
