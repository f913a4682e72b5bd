import { type RefObject, useLayoutEffect, useState } from 'react';

/** Which rows are drawn, the last one included. */
export interface Drawn {
  readonly from: number;
  readonly to: number;
  /** So many are never drawn at once, but that rows may take the places of those that go. */
  readonly most: number;
}

/** Rows that are drawn beyond both ends of what is in sight, so that scrolling finds them there. */
const OVER = 8;

/**
 * Which rows of a list are to be drawn, where all are of the same height: it takes no longer for
 * a hundred thousand of them than for ten.
 *
 * @param above the height of what stands above the rows, in pixels
 */
export function useSight(
  scroller: RefObject<HTMLElement | null>,
  rows: number,
  height: number,
  above: number,
): Drawn {
  const [view, setView] = useState({ top: 0, size: 800 });
  useLayoutEffect(() => {
    const element = scroller.current;
    if (element === null) {
      return;
    }
    let size = element.clientHeight;
    // Reading how far it is scrolled lays the page out: once a frame, when that is done anyway.
    const look = () => {
      const top = Math.floor(element.scrollTop / height) * height;
      setView((known) => (known.top === top && known.size === size ? known : { top, size }));
    };
    const watcher = new ResizeObserver(([entry]) => {
      size = entry?.contentRect.height ?? size;
      look();
    });
    watcher.observe(element);
    element.addEventListener('scroll', look, { passive: true });
    look();
    return () => {
      watcher.disconnect();
      element.removeEventListener('scroll', look);
    };
  }, [scroller, height]);
  const first = Math.floor((view.top - above) / height);
  const seen = Math.ceil(view.size / height) + 1;
  const last = Math.max(0, rows - 1);
  return {
    from: Math.max(0, Math.min(first - OVER, last - seen)),
    to: Math.min(last, first + seen + OVER),
    most: seen + 2 * OVER + 1,
  };
}
