import { Button, Modal, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { completeWaitpoint } from '../api/waitpoints.ts';
import { jsonProblem } from '../lib/jsonProblem.ts';
import { useDeed } from '../lib/useDeed.ts';
import { useService } from '../live/Service.tsx';
import { Refusal } from '../ui/Refusal.tsx';
import { JsonEditor } from '../ui/text/JsonEditor.tsx';

interface Props {
  readonly token: string;
  readonly onClose: () => void;
  readonly onDone: () => Promise<unknown>;
}

const FIRST = '{}';

/** Completes a wait token by hand, with what who waits for it is to be given. */
export function CompleteToken({ token, onClose, onDone }: Props) {
  const { api } = useService();
  const [text, setText] = useState(FIRST);
  const problem = text.trim() === '' ? undefined : jsonProblem(text);
  const { busy, error, go } = useDeed(async () => {
    await completeWaitpoint(api, token, text.trim() === '' ? undefined : JSON.parse(text));
    await onDone();
    onClose();
  });
  return (
    <Modal opened onClose={onClose} title="Complete this token" size="lg">
      <Stack>
        <Text size="sm">
          Whoever waits for <code>{token}</code> goes on with this. A token is completed once.
        </Text>
        <JsonEditor label="What it is completed with" text={FIRST} onChange={setText} />
        <Refusal keepsPlace>{problem ?? error}</Refusal>
        <Button loading={busy} disabled={problem !== undefined} onClick={go}>
          Complete the token
        </Button>
      </Stack>
    </Modal>
  );
}
