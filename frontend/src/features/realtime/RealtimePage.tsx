import { Center, Loader } from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import type { ComponentProps } from 'react';
import { ErrorNotice } from '../../ui/page/ErrorNotice.tsx';
import { PageHead } from '../../ui/page/PageHead.tsx';
import { StaleBanner } from '../../ui/StaleBanner.tsx';
import { Figure } from './Figure.tsx';
import classes from './RealtimePage.module.css';
import { SlotCard } from './SlotCard.tsx';
import { bytes, millis, short } from './serviceHistory.ts';
import { TopFeeds } from './TopFeeds.tsx';
import { useServiceHistory } from './useServiceHistory.ts';

const FIGURES: readonly Omit<ComponentProps<typeof Figure>, 'samples'>[] = [
  {
    title: 'Subscribers',
    say: short,
    shown: [
      { measure: 'subscriptions', name: 'subscriptions', colour: '--moving' },
      { measure: 'connections', name: 'connections', colour: '--done' },
    ],
  },
  {
    title: 'Changes',
    say: short,
    shown: [{ measure: 'changes', name: 'a second', colour: '--moving' }],
  },
  {
    title: 'Deliveries',
    say: short,
    shown: [{ measure: 'deliveries', name: 'a second', colour: '--moving' }],
  },
  {
    title: 'Lag from commit to delivery',
    say: millis,
    shown: [
      { measure: 'lagP50Ms', name: 'p50', colour: '--moving' },
      { measure: 'lagP99Ms', name: 'p99', colour: '--waiting' },
    ],
  },
  {
    title: 'Slow consumers',
    say: short,
    shown: [
      { measure: 'behind', name: 'behind now', colour: '--waiting' },
      { measure: 'dropped', name: 'read again', colour: '--failed' },
    ],
  },
  {
    title: 'Log kept for the slot',
    say: bytes,
    shown: [{ measure: 'retainedBytes', name: 'retained', colour: '--moving' }],
  },
];

/** The service from inside, at the node that this page is connected to. */
export function RealtimePage() {
  useDocumentTitle('Realtime · Runcast');
  const { history, feed, error, again } = useServiceHistory();
  if (history === undefined) {
    return error === undefined ? (
      <Center flex={1}>
        <Loader aria-label="Looking inside" />
      </Center>
    ) : (
      <ErrorNotice error={error} onAgain={again} />
    );
  }
  const { samples } = history;
  return (
    <div className={classes.page}>
      <StaleBanner feed={feed} />
      <PageHead title="Realtime" about="This node, the last 15 minutes" feed={feed} />
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard */}
      <section className={classes.grid} tabIndex={0} aria-label="Figures">
        {FIGURES.map((figure) => (
          <Figure key={figure.title} {...figure} samples={samples} />
        ))}
        <SlotCard history={history} />
        <TopFeeds history={history} />
      </section>
    </div>
  );
}
