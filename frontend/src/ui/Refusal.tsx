import { Text } from '@mantine/core';
import type { ReactNode } from 'react';

interface Props {
  /** Undefined while there is no reason. */
  readonly children: ReactNode;
  /** Whether its line is kept while there is none, so that nothing moves when there is one. */
  readonly keepsPlace?: boolean;
}

/** Why something was not done, or can't be. */
export function Refusal({ children, keepsPlace = false }: Props) {
  return children === undefined && !keepsPlace ? null : (
    <Text size="sm" c="var(--failed)" role="alert" mih={keepsPlace ? '1.4em' : undefined}>
      {children}
    </Text>
  );
}
