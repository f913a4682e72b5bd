import { useComputedColorScheme } from '@mantine/core';
import { useEffect, useRef } from 'react';
import Uplot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import classes from './Plot.module.css';

/** A line of a plot. */
export interface Line {
  readonly name: string;
  /** A colour of style.css. */
  readonly colour: string;
}

interface Props {
  /** The times in seconds, then the values of each line. */
  readonly columns: (number | null)[][];
  readonly lines: readonly Line[];
  /** How a value is written. */
  readonly say: (value: number) => string;
  /** What it shows, for those who do not see it. */
  readonly label: string;
}

const HEIGHT = 120;

/** Lines over time; pointing at them tells the values of that moment. */
export function Plot({ columns, lines, say, label }: Props) {
  const place = useRef<HTMLDivElement>(null);
  const plot = useRef<Uplot>(null);
  const scheme = useComputedColorScheme('light');
  const latest = useRef(columns);
  latest.current = columns;
  const key = JSON.stringify([lines, scheme]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: lines and scheme are in the key
  useEffect(() => {
    const box = place.current;
    if (box === null) {
      return;
    }
    const made = new Uplot(optionsOf(box, lines, say), aligned(latest.current), box);
    plot.current = made;
    const watch = new ResizeObserver(() =>
      made.setSize({ width: Math.max(80, box.clientWidth), height: HEIGHT }),
    );
    watch.observe(box);
    return () => {
      watch.disconnect();
      made.destroy();
      plot.current = null;
    };
  }, [key, say]);
  useEffect(() => plot.current?.setData(aligned(columns)), [columns]);
  return <div ref={place} className={classes.plot} role="img" aria-label={label} />;
}

function aligned(columns: (number | null)[][]): Uplot.AlignedData {
  return columns as unknown as Uplot.AlignedData;
}

function optionsOf(
  box: HTMLElement,
  lines: readonly Line[],
  say: (value: number) => string,
): Uplot.Options {
  const style = getComputedStyle(box);
  const colour = (name: string) => resolved(box, `var(${name})`);
  const axis: Uplot.Axis = {
    stroke: colour('--quiet'),
    grid: { stroke: colour('--line'), width: 1 },
    ticks: { show: false },
    font: `11px ${style.fontFamily}`,
  };
  return {
    width: Math.max(80, box.clientWidth),
    height: HEIGHT,
    legend: { show: false },
    cursor: { y: false, points: { size: 6 }, drag: { x: false, y: false } },
    padding: [8, 8, 0, 0],
    scales: { y: { range: (_self, _min, max) => [0, max > 0 ? max * 1.15 : 1] } },
    axes: [
      { ...axis, space: 70, size: 22, values: '{HH}:{mm}', incrs: MINUTES },
      { ...axis, space: 32, size: 52, values: (_self, ticks) => ticks.map(say) },
    ],
    series: [
      {},
      ...lines.map((line, index) => ({
        label: line.name,
        stroke: colour(line.colour),
        width: 1.5,
        spanGaps: false,
        points: { show: false },
        ...(index === 0 && lines.length === 1 && { fill: faint(colour(line.colour)) }),
      })),
    ],
    hooks: { setCursor: [tipOf(box, lines, say)] },
  };
}

/** How far apart times stand, which are told to the minute, in seconds. */
const MINUTES = [60, 120, 300, 600, 900];

/** A canvas knows no variables. */
function resolved(box: HTMLElement, colour: string): string {
  const probe = document.createElement('span');
  probe.style.color = colour;
  box.append(probe);
  const value = getComputedStyle(probe).color;
  probe.remove();
  return value;
}

function faint(colour: string): string {
  return colour.replace(/^rgb\((.*)\)$/, 'rgba($1, 0.12)');
}

/** Says the values under the pointer. */
function tipOf(box: HTMLElement, lines: readonly Line[], say: (value: number) => string) {
  const tip = document.createElement('div');
  tip.className = classes.tip ?? '';
  tip.hidden = true;
  box.append(tip);
  return (plot: Uplot) => {
    const at = plot.cursor.idx;
    const time = at === null || at === undefined ? undefined : plot.data[0][at];
    tip.hidden = time === undefined;
    if (time !== undefined) {
      const values = lines.map((line, index) => {
        const value = plot.data[index + 1]?.[at ?? 0];
        return `${line.name} ${value === null || value === undefined ? '–' : say(value)}`;
      });
      tip.textContent = [new Date(time * 1_000).toLocaleTimeString(), ...values].join(' · ');
    }
  };
}
