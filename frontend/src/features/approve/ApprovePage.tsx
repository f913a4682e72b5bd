import { Button, Group, Loader, Stack, Text } from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { answerLogin, type LoginRequest, lookAtLogin } from '../../api/approvals.ts';
import { useDeed } from '../../lib/useDeed.ts';
import { useService } from '../../live/Service.tsx';
import { ErrorNotice } from '../../ui/page/ErrorNotice.tsx';
import { Section } from '../../ui/page/Section.tsx';
import { Refusal } from '../../ui/Refusal.tsx';
import { Timestamp } from '../../ui/Timestamp.tsx';
import classes from './ApprovePage.module.css';

/** Where the command line tool sends people who log in with it. */
export function ApprovePage() {
  useDocumentTitle('Log in with the command line · Runcast');
  const { code } = useParams({ strict: false }) as { code: string };
  const { api } = useService();
  const key = ['approval', code];
  const queries = useQueryClient();
  const { data, error } = useQuery({
    queryKey: key,
    queryFn: ({ signal }) => lookAtLogin(api, code, signal),
    staleTime: Number.POSITIVE_INFINITY,
  });
  return (
    <div className={classes.page}>
      <h1 className={classes.title}>Log in with the command line</h1>
      {error !== null && <ErrorNotice error={error} />}
      {error === null && data === undefined && <Loader aria-label="Loading" />}
      {data !== undefined && (
        <Request request={data} onAnswered={(answered) => queries.setQueryData(key, answered)} />
      )}
    </div>
  );
}

interface Props {
  readonly request: LoginRequest;
  readonly onAnswered: (request: LoginRequest) => void;
}

function Request({ request, onAnswered }: Props) {
  const { session } = useService();
  return (
    <Section title="A command line tool asks to be let in">
      <Stack gap="md">
        <Text className={classes.code} aria-label="Code">
          {request.code}
        </Text>
        <Text size="sm">
          It asked <Timestamp time={request.askedAt} />
          {request.address !== undefined && <> from {request.address}</>}, and will be able to do
          everything in <strong>{session.environment.slug}</strong> of{' '}
          <strong>{session.project.name}</strong>, until the secret key is rotated.
        </Text>
        {request.approved === undefined ? (
          <Answer request={request} onAnswered={onAnswered} />
        ) : (
          <Text size="sm" fw={600} role="status">
            {request.approved
              ? 'It is let in. You can go back to your terminal.'
              : 'It was refused.'}
          </Text>
        )}
      </Stack>
    </Section>
  );
}

function Answer({ request, onAnswered }: Props) {
  const { api } = useService();
  const letIn = useDeed(async () => onAnswered(await answerLogin(api, request.code, true)));
  const refuse = useDeed(async () => onAnswered(await answerLogin(api, request.code, false)));
  const error = letIn.error ?? refuse.error;
  return (
    <>
      <Text size="sm" className="quiet">
        Let it in only if you have just logged in yourself, and your terminal shows this code in the
        address that it told you. Whoever sent you here otherwise wants your access.
      </Text>
      <Refusal>{error}</Refusal>
      <Group gap="sm">
        <Button loading={letIn.busy} disabled={refuse.busy} onClick={letIn.go}>
          Let it in
        </Button>
        <Button variant="default" loading={refuse.busy} disabled={letIn.busy} onClick={refuse.go}>
          Refuse
        </Button>
      </Group>
    </>
  );
}
