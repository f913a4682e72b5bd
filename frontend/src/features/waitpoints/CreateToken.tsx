import { Button, Modal, Stack, TagsInput } from '@mantine/core';
import { useState } from 'react';
import { paramOf } from '../../api/http.ts';
import { createWaitpoint } from '../../api/waitpoints.ts';
import { useSubmission } from '../../lib/useSubmission.ts';
import { useService } from '../../live/Service.tsx';
import { Refusal } from '../../ui/Refusal.tsx';
import { TextField } from '../../ui/text/TextField.tsx';

interface Props {
  readonly onClose: () => void;
  /** Told which token was made, and closes this too. */
  readonly onDone: (id: string) => Promise<unknown>;
}

const FIELDS = ['timeout', 'tags', 'idempotencyKey'] as const;

function fieldOf(error: unknown) {
  const param = paramOf(error)?.replace(/[.[].*$/, '');
  return FIELDS.find((name) => name === param);
}

/** Makes a token. */
export function CreateToken({ onClose, onDone }: Props) {
  const { api } = useService();
  const [timeout, setTimeout] = useState('10m');
  const [tags, setTags] = useState<string[]>([]);
  const [key, setKey] = useState('');
  const { busy, refused, submit } = useSubmission(async () => {
    const asked = {
      timeout: timeout.trim() || undefined,
      tags,
      idempotencyKey: key.trim() || undefined,
    };
    await onDone(await createWaitpoint(api, asked));
  }, fieldOf);
  return (
    <Modal opened onClose={onClose} title="New token">
      <form noValidate onSubmit={submit}>
        <Stack gap="sm">
          <TextField
            label="Timeout"
            description="A span such as 90s, 10m or 2h, or a time; without one it waits until it is completed"
            placeholder="none"
            value={timeout}
            onText={setTimeout}
            error={refused.timeout}
            data-autofocus
          />
          <TagsInput
            label="Tags"
            placeholder={tags.length === 0 ? 'user:1' : ''}
            value={tags}
            onChange={setTags}
            error={refused.tags}
            acceptValueOnBlur
          />
          <TextField
            label="Idempotency key"
            description="The same key gives the same token"
            placeholder="none"
            value={key}
            onText={setKey}
            error={refused.idempotencyKey}
          />
          <Refusal>{refused.all}</Refusal>
          <Button type="submit" loading={busy}>
            Create the token
          </Button>
        </Stack>
      </form>
    </Modal>
  );
}
