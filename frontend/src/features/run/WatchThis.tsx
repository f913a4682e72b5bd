import { Button, Stack, Tabs, Text } from '@mantine/core';
import { useState } from 'react';
import { issueToken } from '../../api/tokens.ts';
import { useDeed } from '../../lib/useDeed.ts';
import { useService } from '../../live/Service.tsx';
import { Refusal } from '../../ui/Refusal.tsx';
import { CodeBlock } from '../../ui/text/CodeBlock.tsx';
import { watchSnippets } from './watchSnippets.ts';

/** How to watch the run from elsewhere, with a token that may do nothing else. */
export function WatchThis({ runId }: { readonly runId: string }) {
  const { api } = useService();
  const [token, setToken] = useState<string>();
  const { busy, error, go } = useDeed(async () =>
    setToken(await issueToken(api, [`read:runs:${runId}`], '1h')),
  );
  if (token === undefined) {
    return (
      <Stack gap="sm" align="flex-start">
        <Text size="sm" className="quiet">
          From a terminal, a program or a page, with a token that reads this run and nothing else,
          for an hour.
        </Text>
        <Button variant="default" size="xs" loading={busy} onClick={go}>
          Issue a token
        </Button>
        <Refusal>{error}</Refusal>
      </Stack>
    );
  }
  const snippets = watchSnippets(window.location.origin, runId, token);
  return (
    <Tabs defaultValue="curl" keepMounted={false}>
      <Tabs.List mb="xs">
        {snippets.map(({ name }) => (
          <Tabs.Tab key={name} value={name}>
            {name}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      {snippets.map(({ name, text }) => (
        <Tabs.Panel key={name} value={name}>
          <CodeBlock text={text} label={`How to watch with ${name}`} />
        </Tabs.Panel>
      ))}
    </Tabs>
  );
}
