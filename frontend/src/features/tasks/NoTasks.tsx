import { Text } from '@mantine/core';
import { EmptyState } from '../../ui/page/EmptyState.tsx';
import { CodeBlock } from '../../ui/text/CodeBlock.tsx';

/** No tasks: nothing matches, or nobody has registered or triggered one yet and is told how. */
export function NoTasks({ any }: { readonly any: boolean }) {
  if (any) {
    return (
      <EmptyState title="No task matches">
        <Text>A task that comes to match shows here by itself.</Text>
      </EmptyState>
    );
  }
  const steps = [
    `export TRIGGER_API_URL=${window.location.origin}`,
    'export TRIGGER_ACCESS_TOKEN=tr_pat_…   # the personal token that `up` prints',
    'npx trigger.dev dev',
  ].join('\n');
  return (
    <EmptyState title="No tasks yet">
      <Text mb="md">
        The command line tool registers the tasks of a project, with each build of them, and they
        are here; so are all that a run is triggered of, whoever executes it.
      </Text>
      <CodeBlock text={steps} label="How to register tasks" />
    </EmptyState>
  );
}
