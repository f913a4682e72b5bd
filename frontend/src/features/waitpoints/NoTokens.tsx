import { Button, Text } from '@mantine/core';
import { EmptyState } from '../../ui/page/EmptyState.tsx';
import { CodeBlock } from '../../ui/text/CodeBlock.tsx';

const WAITS = `import { task, wait } from '@trigger.dev/sdk';

export const publish = task({
  id: 'publish',
  run: async () => {
    const token = await wait.createToken({ timeout: '1d', tags: ['review'] });
    // Send token.url to who has to say yes.
    const { approved } = await wait.forToken<{ approved: boolean }>(token).unwrap();
    /* … */
  },
});`;

/** No tokens: the filters are too narrow, or nobody has made one yet and is told what for. */
export function NoTokens({
  narrowed,
  onClear,
}: {
  readonly narrowed: boolean;
  readonly onClear: () => void;
}) {
  return narrowed ? (
    <EmptyState title="No token matches">
      <Button variant="default" onClick={onClear}>
        Clear the filters
      </Button>
    </EmptyState>
  ) : (
    <EmptyState title="No tokens yet">
      <Text mb="md">
        A task that needs somebody’s word makes a token and waits for it, for days if need be,
        without taking up a place in its queue. Whoever knows the token’s address completes it, or
        you do, here.
      </Text>
      <CodeBlock text={WAITS} label="A task that waits for a token" />
    </EmptyState>
  );
}
