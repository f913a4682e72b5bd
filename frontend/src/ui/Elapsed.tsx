import { duration } from '../lib/format.ts';
import { useNow } from '../lib/useNow.ts';

interface Props {
  readonly from: Date | undefined;
  /** When it was over; it goes on until now without. */
  readonly to: Date | undefined;
}

/** How long something took, or has been taking. */
export function Elapsed({ from, to }: Props) {
  return (
    <span className="nowrap numbers">
      {from === undefined ? '–' : to === undefined ? <Running from={from} /> : span(from, to)}
    </span>
  );
}

function Running({ from }: { readonly from: Date }) {
  return span(from, new Date(Math.max(useNow(), from.getTime())));
}

function span(from: Date, to: Date): string {
  return duration(to.getTime() - from.getTime());
}
