import { Button, Modal, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import type { RunSummary } from '../../../api/run.ts';
import { rescheduleRun } from '../../../api/runs.ts';
import { exactTime } from '../../../lib/format.ts';
import { useDeed } from '../../../lib/useDeed.ts';
import { useService } from '../../../live/Service.tsx';
import { TextField } from '../../../ui/text/TextField.tsx';

interface Props {
  readonly run: RunSummary;
  readonly onClose: () => void;
}

/** Has a delayed run wait until another time. */
export function RescheduleDialog({ run, onClose }: Props) {
  const { api } = useService();
  const [delay, setDelay] = useState('1h');
  const { busy, error, go } = useDeed(async () => {
    await rescheduleRun(api, run.id, delay.trim());
    onClose();
  });
  return (
    <Modal opened onClose={onClose} title="Reschedule this run">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          go();
        }}
      >
        <Stack>
          {run.delayedUntil !== undefined && (
            <Text size="sm">It waits until {exactTime(run.delayedUntil)}.</Text>
          )}
          <TextField
            label="From now on"
            description="A span such as 90s, 15m or 2h30m, or a time such as 2026-12-24T18:00:00Z"
            value={delay}
            onText={setDelay}
            error={error}
            data-autofocus
          />
          <Button type="submit" loading={busy}>
            Reschedule
          </Button>
        </Stack>
      </form>
    </Modal>
  );
}
