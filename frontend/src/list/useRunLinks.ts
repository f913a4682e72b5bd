import { useRouter } from '@tanstack/react-router';
import { type MouseEvent, useRef } from 'react';

/**
 * Has the links of rows lead to their runs within the page, for what holds the rows: those have
 * nothing to do with it, so that there may be many of them. A row says which run it is by `data-run`.
 */
export function useRunLinks() {
  const router = useRouter();
  const isReady = useRef(false);
  return {
    onClick: (event: MouseEvent) => {
      const runId = runOf(event);
      if (runId !== undefined && isPlain(event)) {
        event.preventDefault();
        void router.navigate({ to: '/runs/$runId', params: { runId } });
      }
    },
    /** Whoever points at one may go there: by then its page is to be here. */
    onMouseOver: (event: MouseEvent) => {
      const runId = isReady.current ? undefined : runOf(event);
      if (runId !== undefined) {
        isReady.current = true;
        void router.preloadRoute({ to: '/runs/$runId', params: { runId } });
      }
    },
  };
}

function runOf({ target }: MouseEvent): string | undefined {
  const link = target instanceof Element ? target.closest('a') : null;
  return link?.closest('[data-run]')?.getAttribute('data-run') ?? undefined;
}

/** The browser has its own ways to open a link elsewhere. */
function isPlain({ button, metaKey, ctrlKey, shiftKey, altKey }: MouseEvent): boolean {
  return button === 0 && !metaKey && !ctrlKey && !shiftKey && !altKey;
}
