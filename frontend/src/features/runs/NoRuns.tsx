import { Button, Stack, Tabs, Text } from '@mantine/core';
import { EmptyState } from '../../ui/page/EmptyState.tsx';
import { CodeBlock } from '../../ui/text/CodeBlock.tsx';
import { firstSteps } from './firstSteps.ts';

interface Props {
  /** Whether filters hide what there is. */
  readonly narrowed: boolean;
  readonly onClear: () => void;
}

/** No runs: the filters are too narrow, or nobody has started one yet and is told how. */
export function NoRuns({ narrowed, onClear }: Props) {
  if (narrowed) {
    return (
      <EmptyState title="No run matches">
        <Stack align="flex-start">
          <Text>Runs that come to match will be announced here.</Text>
          <Button variant="default" onClick={onClear}>
            Clear the filters
          </Button>
        </Stack>
      </EmptyState>
    );
  }
  return (
    <EmptyState title="No runs yet">
      <Stack>
        <Text>
          Start one, and it is announced here the moment it is committed. <code>$KEY</code> stands
          for the secret key that you signed in with.
        </Text>
        <Tabs defaultValue="curl" keepMounted={false}>
          <Tabs.List mb="sm">
            {firstSteps(window.location.origin).map(({ name }) => (
              <Tabs.Tab key={name} value={name}>
                {name}
              </Tabs.Tab>
            ))}
          </Tabs.List>
          {firstSteps(window.location.origin).map(({ name, text }) => (
            <Tabs.Panel key={name} value={name}>
              <CodeBlock text={text} label={`How to start a run with ${name}`} />
            </Tabs.Panel>
          ))}
        </Tabs>
      </Stack>
    </EmptyState>
  );
}
