import { Button, Modal, Stack, Text } from '@mantine/core';
import { deleteSchedule, type Schedule } from '../../api/schedules.ts';
import { useDeed } from '../../lib/useDeed.ts';
import { useService } from '../../live/Service.tsx';
import { Refusal } from '../../ui/Refusal.tsx';

interface Props {
  readonly schedule: Schedule;
  readonly onClose: () => void;
  readonly onDone: () => Promise<unknown>;
}

/** Removes a schedule for good. */
export function DeleteDialog({ schedule, onClose, onDone }: Props) {
  const { api } = useService();
  const { busy, error, go } = useDeed(async () => {
    await deleteSchedule(api, schedule.id);
    await onDone();
    onClose();
  });
  return (
    <Modal opened onClose={onClose} title="Delete this schedule?" size="sm">
      <Stack>
        <Text size="sm">
          <strong>{schedule.task}</strong> will be triggered by it no more. The runs that it has
          made stay.
        </Text>
        <Refusal>{error}</Refusal>
        <Button color="red.8" loading={busy} onClick={go} data-autofocus>
          Delete the schedule
        </Button>
      </Stack>
    </Modal>
  );
}
