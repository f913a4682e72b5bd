import { Button, Modal, Stack, Text } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import type { RunSummary } from '../../../api/run.ts';
import { replayRun } from '../../../api/runs.ts';
import { jsonProblem } from '../../../lib/jsonProblem.ts';
import { useDeed } from '../../../lib/useDeed.ts';
import { useService } from '../../../live/Service.tsx';
import { Refusal } from '../../../ui/Refusal.tsx';
import { JsonEditor } from '../../../ui/text/JsonEditor.tsx';

interface Props {
  readonly run: RunSummary;
  readonly payload: unknown;
  readonly onClose: () => void;
}

/** Runs a run again, with its payload or another, and goes to the new one. */
export function ReplayDialog({ run, payload, onClose }: Props) {
  const { api } = useService();
  const navigate = useNavigate();
  const [original] = useState(() =>
    payload === undefined ? '' : JSON.stringify(payload, null, 2),
  );
  const [text, setText] = useState(original);
  const problem = text === original ? undefined : jsonProblem(text);
  const { busy, error, go } = useDeed(async () => {
    const id = await replayRun(api, run.id, text === original ? undefined : JSON.parse(text));
    onClose();
    await navigate({ to: '/runs/$runId', params: { runId: id } });
  });
  return (
    <Modal opened onClose={onClose} title="Replay this run" size="lg">
      <Stack>
        <Text size="sm">
          Starts a new run of <strong>{run.task}</strong> with this payload.
        </Text>
        <JsonEditor label="Payload" text={original} onChange={setText} />
        <Refusal keepsPlace>{problem ?? error}</Refusal>
        <Button loading={busy} disabled={problem !== undefined} onClick={go}>
          {text === original ? 'Replay' : 'Replay with this payload'}
        </Button>
      </Stack>
    </Modal>
  );
}
