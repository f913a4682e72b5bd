import { Alert, Button, Group, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';

interface Props {
  readonly error: unknown;
  readonly onAgain?: () => void;
}

/** What went wrong, in the words that it came in, and a way on. */
export function ErrorNotice({ error, onAgain }: Props) {
  const message = error instanceof Error ? error.message : String(error);
  return (
    <Alert
      role="alert"
      m="md"
      variant="default"
      icon={<IconAlertTriangle color="var(--failed)" />}
      title="This did not work"
    >
      <Text size="sm">{message}</Text>
      {onAgain !== undefined && (
        <Group mt="sm">
          <Button size="xs" variant="default" onClick={onAgain}>
            Try again
          </Button>
        </Group>
      )}
    </Alert>
  );
}
