import { Button, Group, Modal, NumberInput, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { overrideLimit, type Queue, resetLimit } from '../../api/queues.ts';
import { exactTime } from '../../lib/format.ts';
import { useDeed } from '../../lib/useDeed.ts';
import { useService } from '../../live/Service.tsx';

interface Props {
  readonly queue: Queue;
  readonly onClose: () => void;
  /** Told when another limit holds. */
  readonly onDone: () => Promise<unknown>;
}

/** Has another limit hold for a queue, or the declared one again. */
export function LimitDialog({ queue, onClose, onDone }: Props) {
  const { api } = useService();
  const { limit } = queue;
  const [typed, setTyped] = useState<string | number>(limit.current ?? 10);
  const done = async () => {
    await onDone();
    onClose();
  };
  const override = useDeed(async () => {
    await overrideLimit(api, queue.id, Number(typed));
    await done();
  });
  const reset = useDeed(async () => {
    await resetLimit(api, queue.id);
    await done();
  });
  return (
    <Modal opened onClose={onClose} title={`Limit of ${queue.name}`}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          override.go();
        }}
      >
        <Stack>
          <Text size="sm">
            {limit.base === undefined
              ? 'The code declares no limit.'
              : `The code declares ${limit.base.toLocaleString('en')}.`}
            {limit.overriddenAt !== undefined &&
              ` Another one was set over it at ${exactTime(limit.overriddenAt)}.`}
          </Text>
          <NumberInput
            label="Runs at once"
            description="Of each concurrency key, where runs have one. 0 lets none begin. Those that run go on."
            min={0}
            max={100_000}
            allowDecimal={false}
            allowNegative={false}
            value={typed}
            onChange={setTyped}
            error={override.error ?? reset.error}
            data-autofocus
          />
          <Group justify="space-between">
            <Button
              variant="default"
              disabled={limit.override === undefined}
              loading={reset.busy}
              onClick={reset.go}
            >
              Reset to the declared one
            </Button>
            <Button type="submit" loading={override.busy} disabled={typed === ''}>
              Set the limit
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
