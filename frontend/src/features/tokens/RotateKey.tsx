import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { type NewKey, rotateKey } from '../../api/tokens.ts';
import { exactTime } from '../../lib/format.ts';
import { useDeed } from '../../lib/useDeed.ts';
import { useService } from '../../live/Service.tsx';
import { Section } from '../../ui/page/Section.tsx';
import { Refusal } from '../../ui/Refusal.tsx';
import { CodeBlock } from '../../ui/text/CodeBlock.tsx';
import { TextField } from '../../ui/text/TextField.tsx';

/** Gives the environment another secret key. It is shown on request, and only here and now. */
export function RotateKey() {
  const { session } = useService();
  const [asking, setAsking] = useState(false);
  const [made, setMade] = useState<NewKey>();
  return (
    <Section title="Secret key">
      <Stack gap="sm" align="flex-start">
        {made === undefined ? (
          <Text size="sm" className="quiet">
            With the key one may do everything in {session.environment.slug}. Give it another if it
            may have come into wrong hands.
          </Text>
        ) : (
          <Fresh made={made} />
        )}
        <Button variant="default" size="xs" onClick={() => setAsking(true)}>
          Rotate the key
        </Button>
      </Stack>
      {asking && (
        <Sure
          slug={session.environment.slug}
          onClose={() => setAsking(false)}
          onMade={(key) => {
            setMade(key);
            setAsking(false);
          }}
        />
      )}
    </Section>
  );
}

function Fresh({ made }: { readonly made: NewKey }) {
  const [shown, setShown] = useState(false);
  const hidden = '•'.repeat(24);
  return (
    <Stack gap="xs" w="100%" role="status">
      <Text size="sm" fw={600}>
        There is a new key. Keep it now: it is shown nowhere else.
      </Text>
      <CodeBlock text={made.secretKey} label="The new secret key">
        {shown ? made.secretKey : hidden}
      </CodeBlock>
      <Group gap="xs">
        <Button variant="subtle" size="compact-sm" onClick={() => setShown(!shown)}>
          {shown ? 'Hide it' : 'Show it'}
        </Button>
      </Group>
      <Text size="sm" className="quiet">
        The one before opens the API until {exactTime(made.previousUntil)}, and no dashboard any
        more. You stay signed in.
      </Text>
    </Stack>
  );
}

interface SureProps {
  readonly slug: string;
  readonly onClose: () => void;
  readonly onMade: (key: NewKey) => void;
}

function Sure({ slug, onClose, onMade }: SureProps) {
  const { api } = useService();
  const [typed, setTyped] = useState('');
  const { busy, error, go } = useDeed(async () => onMade(await rotateKey(api)));
  return (
    <Modal opened onClose={onClose} title="Rotate the secret key?">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          go();
        }}
      >
        <Stack>
          <Text size="sm">
            Everything that uses the key of <strong>{slug}</strong> needs the new one before the old
            one ends. Others who are signed in are signed out.
          </Text>
          <TextField
            label={`Type ${slug} to go on`}
            value={typed}
            onText={setTyped}
            autoComplete="off"
            data-autofocus
          />
          <Refusal>{error}</Refusal>
          <Button type="submit" color="red.8" loading={busy} disabled={typed !== slug}>
            Make a new key
          </Button>
        </Stack>
      </form>
    </Modal>
  );
}
