import { Button, Modal, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { isFinal, type RunSummary } from '../api/run.ts';
import { cancelRun, replayRun } from '../api/runs.ts';
import { count } from '../lib/format.ts';
import { useService } from '../live/Service.tsx';
import classes from './BulkBar.module.css';
import { type BulkResult, toEach } from './bulk.ts';
import type { Selection } from './selection.ts';

interface Props {
  readonly selected: Selection;
  readonly row: (id: string) => RunSummary | undefined;
  readonly onDone: () => void;
}

type Deed = 'cancel' | 'replay';

/** What can be done to all runs that are selected. */
export function BulkBar({ selected, row, onDone }: Props) {
  const [deed, setDeed] = useState<Deed>();
  const ids = [...selected];
  const open = ids.filter((id) => {
    const run = row(id);
    // Of one that is not held any more the service knows whether there is anything to cancel.
    return run === undefined || !isFinal(run.status);
  });
  return (
    <section className={classes.bar} aria-label="Selection">
      <Text size="sm" fw={600} flex={1} className="nowrap">
        {count(ids.length, 'run')} selected
      </Text>
      <Button
        variant="default"
        size="xs"
        disabled={open.length === 0}
        onClick={() => setDeed('cancel')}
      >
        Cancel {open.length > 0 && open.length < ids.length ? open.length : ''}
      </Button>
      <Button variant="default" size="xs" onClick={() => setDeed('replay')}>
        Replay
      </Button>
      <Button variant="subtle" size="xs" onClick={onDone}>
        Clear
      </Button>
      {deed !== undefined && (
        <Confirm
          deed={deed}
          ids={deed === 'cancel' ? open : ids}
          onClose={() => setDeed(undefined)}
          onDone={onDone}
        />
      )}
    </section>
  );
}

interface ConfirmProps {
  readonly deed: Deed;
  readonly ids: readonly string[];
  readonly onClose: () => void;
  readonly onDone: () => void;
}

/** Asks before, says how far it is, and what came of it. */
function Confirm({ deed, ids, onClose, onDone }: ConfirmProps) {
  const { api } = useService();
  const [over, setOver] = useState<number>();
  const [result, setResult] = useState<BulkResult>();
  async function go() {
    setOver(0);
    const act = (id: string) => (deed === 'cancel' ? cancelRun(api, id) : replayRun(api, id));
    const came = await toEach(ids, act, setOver);
    if (came.failed === 0) {
      onDone();
    } else {
      setResult(came);
    }
  }
  const what = count(ids.length, 'run');
  const busy = over !== undefined && result === undefined;
  return (
    <Modal
      opened
      onClose={busy ? () => {} : onClose}
      withCloseButton={!busy}
      title={deed === 'cancel' ? `Cancel ${what}?` : `Replay ${what}?`}
    >
      <Stack>
        {result === undefined ? (
          <Text size="sm">
            {deed === 'cancel'
              ? 'What they are at is given up, and they stay canceled.'
              : 'Each is started once more, with its own payload, as a new run.'}
          </Text>
        ) : (
          <Text size="sm" role="alert">
            {count(result.done, 'run')} done, {result.failed} not: {result.refusals.join(' ')}
          </Text>
        )}
        <Button
          color={deed === 'cancel' ? 'red.8' : 'signal'}
          onClick={() => (result === undefined ? void go() : onDone())}
          disabled={busy}
        >
          {busy
            ? `${over} of ${ids.length}`
            : result !== undefined
              ? 'Close'
              : deed === 'cancel'
                ? `Cancel ${what}`
                : `Replay ${what}`}
        </Button>
      </Stack>
    </Modal>
  );
}
