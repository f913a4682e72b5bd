import { Button, Modal, Stack, TagsInput, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { ApiError } from '../../api/http.ts';
import { createWaitpoint } from '../../api/waitpoints.ts';
import { useService } from '../../live/Service.tsx';

interface Props {
  readonly onClose: () => void;
  /** Told which token was made, and closes this too. */
  readonly onDone: (id: string) => Promise<unknown>;
}

type Field = 'timeout' | 'tags' | 'idempotencyKey';

const FIELDS: readonly Field[] = ['timeout', 'tags', 'idempotencyKey'];

/** Makes a token. */
export function CreateToken({ onClose, onDone }: Props) {
  const { api } = useService();
  const [timeout, setTimeout] = useState('10m');
  const [tags, setTags] = useState<string[]>([]);
  const [key, setKey] = useState('');
  const [refused, setRefused] = useState<Partial<Record<Field | 'all', string>>>({});
  const [busy, setBusy] = useState(false);

  async function go() {
    setBusy(true);
    setRefused({});
    try {
      const asked = {
        timeout: timeout.trim() || undefined,
        tags,
        idempotencyKey: key.trim() || undefined,
      };
      await onDone(await createWaitpoint(api, asked));
    } catch (error) {
      const param = error instanceof ApiError ? error.param?.replace(/[.[].*$/, '') : undefined;
      const field = FIELDS.find((name) => name === param) ?? 'all';
      setRefused({ [field]: error instanceof Error ? error.message : String(error) });
    } finally {
      setBusy(false);
    }
  }

  return (
    <Modal opened onClose={onClose} title="New token">
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void go();
        }}
      >
        <Stack gap="sm">
          <TextInput
            label="Timeout"
            description="A span such as 90s, 10m or 2h, or a time; without one it waits until it is completed"
            placeholder="none"
            value={timeout}
            onChange={(event) => setTimeout(event.currentTarget.value)}
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
          <TextInput
            label="Idempotency key"
            description="The same key gives the same token"
            placeholder="none"
            value={key}
            onChange={(event) => setKey(event.currentTarget.value)}
            error={refused.idempotencyKey}
          />
          {refused.all !== undefined && (
            <Text size="sm" c="var(--failed)" role="alert">
              {refused.all}
            </Text>
          )}
          <Button type="submit" loading={busy}>
            Create the token
          </Button>
        </Stack>
      </form>
    </Modal>
  );
}
