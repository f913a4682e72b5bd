import { useMemo } from 'react';
import type { ServiceSample } from '../../api/service.ts';
import { Section } from '../../ui/page/Section.tsx';
import { Plot } from './Plot.tsx';
import classes from './RealtimePage.module.css';
import { columnsOf, lastOf, type Measure } from './serviceHistory.ts';

/** One of the things that a figure is about. */
export interface Shown {
  readonly measure: Measure;
  readonly name: string;
  readonly colour: string;
}

interface Props {
  readonly title: string;
  readonly samples: readonly ServiceSample[];
  readonly shown: readonly Shown[];
  readonly say: (value: number) => string;
  /** What it means, where that is not plain. */
  readonly note?: string;
}

/** How something is now, and how it has been. */
export function Figure({ title, samples, shown, say, note }: Props) {
  const measures = shown.map(({ measure }) => measure);
  const key = measures.join();
  // biome-ignore lint/correctness/useExhaustiveDependencies: the measures are in the key
  const columns = useMemo(() => columnsOf(samples, measures), [samples, key]);
  const told = shown.map(({ measure, name }) => {
    const value = lastOf(samples, measure);
    return { name, text: value === undefined ? '–' : say(value) };
  });
  return (
    <Section title={title}>
      <div className={classes.values}>
        {told.map(({ name, text }, index) => (
          <div key={name}>
            <span className={`${classes.value} numbers`}>{text}</span>
            <span className={classes.name}>
              <span
                className={classes.key}
                style={{ background: `var(${shown[index]?.colour})` }}
                aria-hidden="true"
              />
              {name}
            </span>
          </div>
        ))}
      </div>
      <Plot
        columns={columns}
        lines={shown}
        say={say}
        label={`${title} over the last 15 minutes; now ${told.map(({ name, text }) => `${name} ${text}`).join(', ')}`}
      />
      {note !== undefined && <p className={classes.note}>{note}</p>}
    </Section>
  );
}
