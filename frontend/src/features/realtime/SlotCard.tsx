import { Fact, Facts } from '../../ui/page/Facts.tsx';
import { Section } from '../../ui/page/Section.tsx';
import classes from './RealtimePage.module.css';
import { bytes, type History, millis, type SlotHealth, slotHealth } from './serviceHistory.ts';

const WORDS: Record<SlotHealth, string> = {
  well: 'This node leads and reads the log',
  elsewhere: 'Another node leads, and its word arrives',
  silent: 'Nothing has come from the log for a while',
  unknown: 'Nothing has come from the log yet',
};

/** How the replication slot is, and where in the log. */
export function SlotCard({ history }: { readonly history: History }) {
  const last = history.samples.at(-1);
  const health = slotHealth(last);
  const missed = history.samples.reduce((sum, sample) => sum + (sample.missed ?? 0), 0);
  return (
    <Section title="Replication slot">
      <p className={classes.health} data-health={health}>
        <span className={classes.mark} aria-hidden="true" />
        {WORDS[health]}
      </p>
      <Facts>
        <Fact name="Position">
          <code>{history.position ?? '–'}</code>
        </Fact>
        <Fact name="Last proof of life">
          {last?.horizonAgeMs == null ? '–' : `${millis(last.horizonAgeMs)} ago`}
        </Fact>
        <Fact name="Retained log">
          {last?.retainedBytes == null ? 'known to the leader' : bytes(last.retainedBytes)}
        </Fact>
        <Fact name="Gaps in 15 minutes">{missed === 0 ? 'none' : String(missed)}</Fact>
      </Facts>
    </Section>
  );
}
