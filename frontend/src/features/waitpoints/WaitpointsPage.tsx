import { Button, Group, NativeSelect, TagsInput, Text } from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import { IconPlus } from '@tabler/icons-react';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { lazy, Suspense, useEffect, useRef, useState } from 'react';
import { listWaitpoints, WAITPOINT_STATUSES, type Waitpoint } from '../../api/waitpoints.ts';
import type { UrlState } from '../../lib/urlState.ts';
import { useService } from '../../live/Service.tsx';
import { useMoving } from '../../live/useMoving.ts';
import { CodeBlock } from '../../ui/CodeBlock.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { ListPage } from '../../ui/ListPage.tsx';
import rows from '../../ui/Rows.module.css';
import { CreateToken } from './CreateToken.tsx';
import { WaitpointRow } from './WaitpointRow.tsx';
import { isNarrowed, nextTimeout, queryOf, WORDS } from './waitpointFilters.ts';

const CompleteToken = lazy(async () => ({
  default: (await import('../../waitpoint/CompleteToken.tsx')).CompleteToken,
}));

/** The service ends a token a moment after its time. */
const AFTERWARDS_MS = 1_000;

const MOST_WAIT_MS = 2 ** 31 - 1;

/** Wait tokens: what waits for somebody, and since when. */
export function WaitpointsPage() {
  const { api } = useService();
  useDocumentTitle('Waitpoints · Runcast');
  const url = useSearch({ from: '/waitpoints' });
  const navigate = useNavigate();
  const query = queryOf(url);
  const { data, error, feed, again } = useMoving(['waitpoints', query], (signal) =>
    listWaitpoints(api, query, signal),
  );
  useAgainAt(data === undefined ? undefined : nextTimeout(data.items), again);
  const [completing, setCompleting] = useState<string>();
  const go = (next: UrlState) => void navigate({ to: '/waitpoints', search: next, replace: true });
  const narrow = (change: UrlState) => go({ ...url, after: '', before: '', open: '', ...change });
  const tokens = data?.items ?? [];
  return (
    <ListPage
      title="Waitpoints"
      note="Tokens that a task waits for, until somebody completes them or their time is over."
      feed={feed}
      ready={data !== undefined}
      error={error}
      onAgain={() => void again()}
      tools={
        <>
          <NativeSelect
            aria-label="Status"
            data={[
              { value: '', label: 'Any status' },
              ...WAITPOINT_STATUSES.map((value) => ({ value, label: WORDS[value] })),
            ]}
            value={query.status ?? ''}
            onChange={(event) => narrow({ status: event.currentTarget.value })}
          />
          <TagsInput
            aria-label="Tags"
            placeholder={query.tags.length === 0 ? 'Any tags' : ''}
            value={[...query.tags]}
            onChange={(tags) => narrow({ tags: tags.join() })}
            acceptValueOnBlur
            maw={260}
          />
          <Button leftSection={<IconPlus size={16} />} onClick={() => go({ ...url, form: 'new' })}>
            New token
          </Button>
        </>
      }
    >
      {tokens.length === 0 ? (
        <NoTokens narrowed={isNarrowed(query)} onClear={() => go({})} />
      ) : (
        <Tokens
          tokens={tokens}
          open={url.open}
          onOpen={(id) => go({ ...url, open: id })}
          onComplete={setCompleting}
        />
      )}
      {(data?.next ?? data?.previous) !== undefined && (
        <Group justify="center" pb="md" component="nav" aria-label="Pages of the list">
          <Button
            variant="default"
            size="xs"
            disabled={data?.previous === undefined}
            onClick={() => narrow({ before: data?.previous ?? '' })}
          >
            Newer
          </Button>
          <Button
            variant="default"
            size="xs"
            disabled={data?.next === undefined}
            onClick={() => narrow({ after: data?.next ?? '' })}
          >
            Older
          </Button>
        </Group>
      )}
      {url.form === 'new' && (
        <CreateToken
          onClose={() => go({ ...url, form: '' })}
          onDone={async (id) => {
            await again();
            go({ open: id });
          }}
        />
      )}
      {completing !== undefined && (
        <Suspense>
          <CompleteToken
            token={completing}
            onClose={() => setCompleting(undefined)}
            onDone={again}
          />
        </Suspense>
      )}
    </ListPage>
  );
}

interface TokensProps {
  readonly tokens: readonly Waitpoint[];
  readonly open: string | undefined;
  readonly onOpen: (id: string) => void;
  readonly onComplete: (id: string) => void;
}

function Tokens({ tokens, open, onOpen, onComplete }: TokensProps) {
  return (
    <div className={`${rows.frame} panel`}>
      <table className={rows.rows}>
        <thead>
          <tr>
            <th scope="col">Token</th>
            <th scope="col">Status</th>
            <th scope="col">Ends</th>
            <th scope="col">Waited for by</th>
            <th scope="col">Created</th>
            <th scope="col">
              <span className={rows.sub}>Change</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {tokens.map((token) => (
            <WaitpointRow
              key={token.id}
              token={token}
              open={open === token.id}
              onOpen={(opened) => onOpen(opened ? token.id : '')}
              onComplete={() => onComplete(token.id)}
            />
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** Has something done when a time has come, and once more each while until another one is given. */
function useAgainAt(time: number | undefined, act: () => Promise<unknown>) {
  const now = useRef(act);
  now.current = act;
  useEffect(() => {
    if (time === undefined) {
      return;
    }
    let timer: ReturnType<typeof setTimeout>;
    const wait = (ms: number) => {
      timer = setTimeout(() => {
        void now.current();
        wait(AFTERWARDS_MS);
      }, ms);
    };
    wait(Math.min(Math.max(0, time - Date.now()) + AFTERWARDS_MS, MOST_WAIT_MS));
    return () => clearTimeout(timer);
  }, [time]);
}

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

function NoTokens({
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
