import { Button, Modal, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { type Revocation, revokeTokens } from '../../api/tokens.ts';
import { useDeed } from '../../lib/useDeed.ts';
import { useService } from '../../live/Service.tsx';
import { Section } from '../../ui/page/Section.tsx';
import { Refusal } from '../../ui/Refusal.tsx';
import { TextField } from '../../ui/text/TextField.tsx';
import classes from './TokensPage.module.css';

/** Takes back tokens that one does not have: by a scope, or all. */
export function RevokeMany() {
  const [scope, setScope] = useState('');
  const [asked, setAsked] = useState<'scope' | 'all'>();
  const [said, setSaid] = useState<string>();
  return (
    <Section title="Take tokens back">
      <Stack gap="sm">
        <Text size="sm" className="quiet">
          Whoever is connected with one is hung up on at once. What is issued from now on is not
          concerned.
        </Text>
        <div className={classes.revoke}>
          <TextField
            label="All with this very scope"
            placeholder="read:tags:user:1"
            value={scope}
            onText={setScope}
          />
          <Button
            variant="default"
            disabled={scope.trim() === ''}
            onClick={() => setAsked('scope')}
          >
            Revoke them
          </Button>
        </div>
        <Button variant="default" className={classes.alone} onClick={() => setAsked('all')}>
          Revoke all tokens of the environment
        </Button>
        <Text size="sm" role="status">
          {said}
        </Text>
      </Stack>
      {asked !== undefined && (
        <Sure
          scope={asked === 'scope' ? scope.trim() : undefined}
          onClose={() => setAsked(undefined)}
          onDone={(sentence) => {
            setSaid(sentence);
            setAsked(undefined);
          }}
        />
      )}
    </Section>
  );
}

/**
 * Tokens say to the second when they were issued, and those of the same second are taken back too:
 * until it is over, this page would only get more of them.
 */
const SECOND_MS = 1_100;

interface SureProps {
  /** Undefined for all tokens. */
  readonly scope: string | undefined;
  readonly onClose: () => void;
  readonly onDone: (said: string) => void;
}

function Sure({ scope, onClose, onDone }: SureProps) {
  const { api } = useService();
  const { busy, error, go } = useDeed(async () => {
    const what: Revocation =
      scope === undefined ? { issuedBefore: new Date().toISOString() } : { scope };
    await revokeTokens(api, what);
    await new Promise((resolve) => setTimeout(resolve, SECOND_MS));
    onDone(
      scope === undefined
        ? 'All tokens that were issued until now are taken back.'
        : `All tokens with ${scope} that were issued until now are taken back.`,
    );
  });
  return (
    <Modal
      opened
      onClose={onClose}
      title={scope === undefined ? 'Revoke all tokens?' : 'Revoke all tokens with this scope?'}
    >
      <Stack>
        <Text size="sm">
          {scope === undefined
            ? 'Every page that follows runs with a public token of this environment loses it, this one too: it gets another by itself.'
            : `Every page whose token carries ${scope} loses it.`}
        </Text>
        <Refusal>{error}</Refusal>
        <Button color="red.8" loading={busy} onClick={go}>
          Take them back for good
        </Button>
      </Stack>
    </Modal>
  );
}
