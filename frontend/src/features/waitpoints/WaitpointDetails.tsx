import { Loader, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { retrieveWaitpoint, type Waitpoint } from '../../api/waitpoints.ts';
import { useService } from '../../live/Service.tsx';
import { CodeBlock } from '../../ui/text/CodeBlock.tsx';
import { Json } from '../../ui/text/Json.tsx';
import classes from './WaitpointsPage.module.css';

/** How a token is completed from elsewhere, and what it was completed with. */
export function WaitpointDetails({ token }: { readonly token: Waitpoint }) {
  return (
    <div className={classes.details}>
      {token.status === 'WAITING' ? (
        token.url !== undefined && (
          <CodeBlock
            text={`curl -X POST -H 'Content-Type: application/json' -d '{}' '${token.url}'`}
            label={`How to complete ${token.id}`}
          />
        )
      ) : (
        <Output token={token} />
      )}
      {token.idempotencyKey !== undefined && (
        <Text size="sm">
          <span className="quiet">Idempotency key </span>
          <code>{token.idempotencyKey}</code>
        </Text>
      )}
    </div>
  );
}

/** Lists do not tell it. */
function Output({ token }: { readonly token: Waitpoint }) {
  const { api } = useService();
  const { data, error } = useQuery({
    queryKey: ['waitpoint', token.id, token.status],
    queryFn: ({ signal }) => retrieveWaitpoint(api, token.id, signal),
  });
  if (data === undefined) {
    return error === null ? <Loader size="xs" aria-label="Loading the token" /> : error.message;
  }
  return data.output === undefined ? (
    <Text size="sm" className="quiet">
      {token.status === 'TIMED_OUT'
        ? 'Nobody completed it in time.'
        : 'It was completed with nothing.'}
    </Text>
  ) : (
    <Json value={readAs(data.output)} label={`What ${token.id} was completed with`} />
  );
}

function readAs(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
