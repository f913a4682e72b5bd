import { Stack, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';

interface Props {
  readonly title: string;
  readonly children: ReactNode;
}

/** What there is to say where there is nothing to show. */
export function EmptyState({ title, children }: Props) {
  return (
    <Stack gap="sm" maw={680} mx="auto" py={48} px="md">
      <Title order={2} size="h3">
        {title}
      </Title>
      <Text component="div" c="var(--quiet)">
        {children}
      </Text>
    </Stack>
  );
}
