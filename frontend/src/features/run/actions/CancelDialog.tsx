import { Button, Modal, Stack, Text } from '@mantine/core';
import type { RunSummary } from '../../../api/run.ts';
import { cancelRun } from '../../../api/runs.ts';
import { useDeed } from '../../../lib/useDeed.ts';
import { useService } from '../../../live/Service.tsx';
import { Refusal } from '../../../ui/Refusal.tsx';

interface Props {
  readonly run: RunSummary;
  readonly onClose: () => void;
}

/** Asks before a run is canceled. */
export function CancelDialog({ run, onClose }: Props) {
  const { api } = useService();
  const { busy, error, go } = useDeed(async () => {
    await cancelRun(api, run.id);
    onClose();
  });
  return (
    <Modal opened onClose={onClose} title="Cancel this run?">
      <Stack>
        <Text size="sm">
          What it is at is given up, and it stays canceled. Runs that it has triggered and waits for
          are canceled too.
        </Text>
        <Refusal>{error}</Refusal>
        <Button color="red.8" loading={busy} onClick={go}>
          Cancel the run
        </Button>
      </Stack>
    </Modal>
  );
}
