import { useHotkeys } from '@mantine/hooks';
import { Link, Outlet, useLocation } from '@tanstack/react-router';
import { lazy, Suspense, useEffect, useRef, useState } from 'react';
import { useService } from '../../live/Service.tsx';
import { ErrorBoundary } from '../../ui/page/ErrorBoundary.tsx';
import { AccountMenu } from './AccountMenu.tsx';
import { SchemeSwitch } from './SchemeSwitch.tsx';
import classes from './Shell.module.css';

const ShortcutList = lazy(async () => ({
  default: (await import('./ShortcutList.tsx')).ShortcutList,
}));

/** What stands around every page. */
export function Shell() {
  const { session } = useService();
  const [listing, setListing] = useState(false);
  // Layouts differ in whether it takes the shift key.
  useHotkeys([
    ['?', () => setListing(true)],
    ['shift+?', () => setListing(true)],
  ]);
  const nav = useRef<HTMLElement>(null);
  const page = useLocation({ select: ({ pathname }) => pathname });
  // On a telephone not all of them are in sight, and which are when it is turned is another thing.
  // biome-ignore lint/correctness/useExhaustiveDependencies: which link is active follows the page
  useEffect(() => {
    const links = nav.current;
    const watcher = new ResizeObserver(() => {
      const active = links?.querySelector('[data-status="active"]');
      active?.scrollIntoView({ block: 'nearest', inline: 'center' });
    });
    if (links !== null) {
      watcher.observe(links);
    }
    return () => watcher.disconnect();
  }, [page]);
  const { project, environment } = session;
  return (
    <div className={classes.shell}>
      <a className={classes.skip} href="#content">
        Skip to the content
      </a>
      <header className={classes.header}>
        <Link to="/runs" search={{}} className={classes.brand} aria-label="Runcast">
          <img src="/icon.svg" alt="" width={24} height={24} />
          <span className={classes.name}>Runcast</span>
        </Link>
        <nav ref={nav} className={classes.nav} aria-label="Pages">
          <Link to="/runs" search={{}} className={classes.link}>
            Runs
          </Link>
          <Link to="/tasks" search={{}} className={classes.link}>
            Tasks
          </Link>
          <Link to="/schedules" search={{}} className={classes.link}>
            Schedules
          </Link>
          <Link to="/queues" search={{}} className={classes.link}>
            Queues
          </Link>
          <Link to="/waitpoints" search={{}} className={classes.link}>
            Waitpoints
          </Link>
          <Link to="/test" search={{}} className={classes.link}>
            Test
          </Link>
          <Link to="/tokens" className={classes.link}>
            Tokens
          </Link>
          <Link to="/inside" className={classes.link}>
            Realtime
          </Link>
        </nav>
        <span className={classes.tenant} title={`${project.ref} / ${environment.slug}`}>
          <span className="quiet">{project.name} / </span>
          {environment.slug}
        </span>
        <SchemeSwitch />
        <AccountMenu onShortcuts={() => setListing(true)} />
      </header>
      <main id="content" className={classes.content} tabIndex={-1}>
        <ErrorBoundary>
          <Outlet />
        </ErrorBoundary>
      </main>
      {listing && (
        <Suspense>
          <ShortcutList onClose={() => setListing(false)} />
        </Suspense>
      )}
    </div>
  );
}
