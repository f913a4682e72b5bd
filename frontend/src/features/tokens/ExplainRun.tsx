import { Button, NativeSelect, Text } from '@mantine/core';
import { IconCircleCheck, IconCircleX } from '@tabler/icons-react';
import { type FormEvent, useState } from 'react';
import { type Explanation, explain } from '../../api/tokens.ts';
import { useDeed } from '../../lib/useDeed.ts';
import { Refusal } from '../../ui/Refusal.tsx';
import { TextField } from '../../ui/text/TextField.tsx';
import { FEED_KINDS, type FeedKind, feedAddress } from './feedAddress.ts';
import classes from './TokensPage.module.css';

const EXAMPLES: Partial<Record<FeedKind, string>> = {
  tags: 'user:1, vip',
  batch: 'batch_…',
  parent: 'run_…',
};

/** Asks the service, as the token's bearer, why a run does not show. */
export function ExplainRun({ token }: { readonly token: string }) {
  const [run, setRun] = useState('');
  const [kind, setKind] = useState<FeedKind>('all');
  const [of, setOf] = useState('');
  const [answer, setAnswer] = useState<Explanation>();
  const feed = feedAddress(kind, of, run);
  const ready = run.trim() !== '' && feed !== undefined;
  const { busy, error, go } = useDeed(async () => {
    setAnswer(undefined);
    if (feed !== undefined) {
      setAnswer(await explain(token, run.trim(), feed));
    }
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    go();
  };
  const changed =
    <T,>(set: (value: T) => void) =>
    (value: T) => {
      setAnswer(undefined);
      set(value);
    };
  return (
    <form onSubmit={submit} className={classes.explain} aria-label="Why does it not see a run?">
      <Text size="sm" fw={600}>
        Why does it not see a run?
      </Text>
      <TextField label="The run" placeholder="run_…" value={run} onText={changed(setRun)} />
      <div className={classes.feed}>
        <NativeSelect
          label="What the page follows"
          data={[...FEED_KINDS]}
          value={kind}
          onChange={(event) => changed(setKind)(event.currentTarget.value as FeedKind)}
        />
        {kind !== 'all' && kind !== 'run' && (
          <TextField
            label="Which"
            placeholder={EXAMPLES[kind] ?? ''}
            value={of}
            onText={changed(setOf)}
          />
        )}
      </div>
      <Button type="submit" variant="default" size="xs" loading={busy} disabled={!ready}>
        Explain
      </Button>
      <div role="status">{answer !== undefined && <Answer answer={answer} />}</div>
      <Refusal>{error}</Refusal>
    </form>
  );
}

function Answer({ answer }: { readonly answer: Explanation }) {
  const { reaches, reasons, skipColumns } = answer;
  return (
    <div className={classes.answer}>
      {reaches ? (
        <IconCircleCheck size={18} color="var(--done)" aria-hidden="true" />
      ) : (
        <IconCircleX size={18} color="var(--failed)" aria-hidden="true" />
      )}
      <div>
        <Text size="sm" fw={600}>
          {reaches ? 'It does see it: every change of the run is told.' : 'It does not see it.'}
        </Text>
        {reasons.map((reason) => (
          <Text key={reason} size="sm">
            {reason}
          </Text>
        ))}
        {reaches && skipColumns.length > 0 && (
          <Text size="sm" className="quiet">
            But for {skipColumns.join(', ')}.
          </Text>
        )}
      </div>
    </div>
  );
}
