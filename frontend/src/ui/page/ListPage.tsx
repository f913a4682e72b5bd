import { Center, Loader } from '@mantine/core';
import type { ReactNode } from 'react';
import type { Moving } from '../../live/useMoving.ts';
import { StaleBanner } from '../StaleBanner.tsx';
import { ErrorNotice } from './ErrorNotice.tsx';
import classes from './ListPage.module.css';
import { PageHead } from './PageHead.tsx';

interface Props {
  readonly title: string;
  /** What it is, in a line. */
  readonly about: ReactNode;
  /** What can be done beside what a single row offers. */
  readonly tools?: ReactNode;
  /** What the list is made of. */
  readonly of: Moving<unknown>;
  /** The list, once that is read. */
  readonly children: ReactNode;
}

/** A page that is a list: its head, how it stands with the service, and what it holds. */
export function ListPage({ title, about, tools, of, children }: Props) {
  const { data, error, feed, again } = of;
  return (
    <div className={classes.page}>
      <StaleBanner feed={feed} />
      <PageHead title={title} about={about} feed={feed} tools={tools} />
      {error !== undefined && <ErrorNotice error={error} onAgain={() => void again()} />}
      {data !== undefined
        ? children
        : error === undefined && (
            <Center flex={1} mih={160}>
              <Loader aria-label={`Loading: ${title}`} />
            </Center>
          )}
    </div>
  );
}
