import { Button, Code, Paper, PasswordInput, Stack, Text, Title } from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import { type FormEvent, useState } from 'react';
import { type Session, signIn } from '../../api/session.ts';
import classes from './SignInPage.module.css';

interface Props {
  readonly onSignedIn: (session: Session) => void;
}

/**
 * Takes the secret key and hands it to the service, once. It is never put into a state that
 * outlives the form, into storage, or into an address.
 */
export function SignInPage({ onSignedIn }: Props) {
  useDocumentTitle('Sign in · Runcast');
  const [error, setError] = useState<string>();
  const [busy, setBusy] = useState(false);

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = event.currentTarget;
    const key = String(new FormData(form).get('secretKey') ?? '').trim();
    if (key === '') {
      setError('Paste the secret key of an environment.');
      return;
    }
    setBusy(true);
    setError(undefined);
    try {
      const session = await signIn(key);
      form.reset();
      onSignedIn(session);
    } catch (cause) {
      setError(cause instanceof Error ? cause.message : String(cause));
    } finally {
      setBusy(false);
    }
  }

  return (
    <main className={classes.page}>
      <Paper className={classes.card} withBorder p="xl">
        <form onSubmit={(event) => void submit(event)} noValidate>
          <Stack gap="md">
            <div className={classes.brand}>
              <img src="/icon.svg" alt="" width={32} height={32} />
              <Title order={1} size="h2">
                Runcast
              </Title>
            </div>
            <PasswordInput
              name="secretKey"
              label="Secret key"
              description="Of the environment that you want to see"
              placeholder="tr_dev_…"
              autoComplete="off"
              autoFocus
              required
              withAsterisk={false}
              error={error}
              size="md"
              visibilityToggleButtonProps={{ 'aria-label': 'Show the key' }}
            />
            <Button type="submit" size="md" loading={busy} fullWidth>
              Sign in
            </Button>
            <Text size="sm" c="var(--quiet)">
              <Code>./runcast up</Code> prints the key where it was started. Whoever runs the
              service makes one with <Code>./runcast env create</Code>.
            </Text>
            <Text size="sm" c="var(--quiet)">
              The key goes to the service at <Code>{window.location.host}</Code> and stays nowhere
              in this browser.
            </Text>
          </Stack>
        </form>
      </Paper>
    </main>
  );
}
