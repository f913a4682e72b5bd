import { Button, Group, NativeSelect, TagsInput } from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import { IconPlus } from '@tabler/icons-react';
import { lazy, Suspense, useState } from 'react';
import { listWaitpoints, WAITPOINT_STATUSES } from '../../api/waitpoints.ts';
import type { UrlState } from '../../lib/urlState.ts';
import { useUrl } from '../../lib/useUrl.ts';
import { useService } from '../../live/Service.tsx';
import { useMoving } from '../../live/useMoving.ts';
import { ListPage } from '../../ui/page/ListPage.tsx';
import { CreateToken } from './CreateToken.tsx';
import { NoTokens } from './NoTokens.tsx';
import { TokenTable } from './TokenTable.tsx';
import { useAgainAt } from './useAgainAt.ts';
import { isNarrowed, nextTimeout, queryOf, WORDS } from './waitpointFilters.ts';

const CompleteToken = lazy(async () => ({
  default: (await import('../../waitpoint/CompleteToken.tsx')).CompleteToken,
}));

/** Wait tokens: what waits for somebody, and since when. */
export function WaitpointsPage() {
  const { api } = useService();
  useDocumentTitle('Waitpoints · Runcast');
  const { url, go, set } = useUrl('/waitpoints');
  const query = queryOf(url);
  const list = useMoving(['waitpoints', query], (signal) => listWaitpoints(api, query, signal));
  const { data, again } = list;
  useAgainAt(data === undefined ? undefined : nextTimeout(data.items), again);
  const [completing, setCompleting] = useState<string>();
  const narrow = (change: UrlState) => set({ after: '', before: '', open: '', ...change });
  const tokens = data?.items ?? [];
  return (
    <ListPage
      title="Waitpoints"
      about="Tokens that a task waits for, until somebody completes them or their time is over."
      of={list}
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
            flex="1 1 10rem"
            maw={360}
          />
          <Button leftSection={<IconPlus size={16} />} onClick={() => set({ form: 'new' })}>
            New token
          </Button>
        </>
      }
    >
      {tokens.length === 0 ? (
        <NoTokens narrowed={isNarrowed(query)} onClear={() => go({})} />
      ) : (
        <TokenTable
          tokens={tokens}
          open={url.open}
          onOpen={(id) => set({ open: id })}
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
          onClose={() => set({ form: '' })}
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
