import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  redirect,
} from '@tanstack/react-router';
import { NotFoundPage } from './features/shell/NotFoundPage.tsx';
import { Shell } from './features/shell/Shell.tsx';
import { parseSearch, stringifySearch, type UrlState } from './lib/urlState.ts';
import { ErrorNotice } from './ui/page/ErrorNotice.tsx';

/** What every route is given. */
export interface RouteContext {
  readonly onSignedOut: () => void;
}

const root = createRootRouteWithContext<RouteContext>()({
  component: Shell,
  notFoundComponent: NotFoundPage,
  errorComponent: ({ error, reset }) => <ErrorNotice error={error} onAgain={reset} />,
});

const home = createRoute({
  getParentRoute: () => root,
  path: '/',
  beforeLoad: () => {
    throw redirect({ to: '/runs', search: {} });
  },
});

const runs = createRoute({
  getParentRoute: () => root,
  path: '/runs',
  validateSearch: (search): UrlState => search as UrlState,
  component: lazyRouteComponent(() => import('./features/runs/RunsPage.tsx'), 'RunsPage'),
});

const run = createRoute({
  getParentRoute: () => root,
  path: '/runs/$runId',
  component: lazyRouteComponent(() => import('./features/run/RunPage.tsx'), 'RunPage'),
});

const batch = createRoute({
  getParentRoute: () => root,
  path: '/batches/$batchId',
  validateSearch: (search): UrlState => search as UrlState,
  component: lazyRouteComponent(() => import('./features/batch/BatchPage.tsx'), 'BatchPage'),
});

const queues = createRoute({
  getParentRoute: () => root,
  path: '/queues',
  validateSearch: (search): UrlState => search as UrlState,
  component: lazyRouteComponent(() => import('./features/queues/QueuesPage.tsx'), 'QueuesPage'),
});

const schedules = createRoute({
  getParentRoute: () => root,
  path: '/schedules',
  validateSearch: (search): UrlState => search as UrlState,
  component: lazyRouteComponent(
    () => import('./features/schedules/SchedulesPage.tsx'),
    'SchedulesPage',
  ),
});

const waitpoints = createRoute({
  getParentRoute: () => root,
  path: '/waitpoints',
  validateSearch: (search): UrlState => search as UrlState,
  component: lazyRouteComponent(
    () => import('./features/waitpoints/WaitpointsPage.tsx'),
    'WaitpointsPage',
  ),
});

const tasks = createRoute({
  getParentRoute: () => root,
  path: '/tasks',
  validateSearch: (search): UrlState => search as UrlState,
  component: lazyRouteComponent(() => import('./features/tasks/TasksPage.tsx'), 'TasksPage'),
});

const task = createRoute({
  getParentRoute: () => root,
  path: '/tasks/$taskId',
  component: lazyRouteComponent(() => import('./features/tasks/TaskPage.tsx'), 'TaskPage'),
});

const test = createRoute({
  getParentRoute: () => root,
  path: '/test',
  validateSearch: (search): UrlState => search as UrlState,
  component: lazyRouteComponent(() => import('./features/test/TestPage.tsx'), 'TestPage'),
});

const tokens = createRoute({
  getParentRoute: () => root,
  path: '/tokens',
  component: lazyRouteComponent(() => import('./features/tokens/TokensPage.tsx'), 'TokensPage'),
});

const realtime = createRoute({
  getParentRoute: () => root,
  path: '/inside',
  component: lazyRouteComponent(
    () => import('./features/realtime/RealtimePage.tsx'),
    'RealtimePage',
  ),
});

const approve = createRoute({
  getParentRoute: () => root,
  path: '/approve/$code',
  component: lazyRouteComponent(() => import('./features/approve/ApprovePage.tsx'), 'ApprovePage'),
});

/** The table of pages. */
export function newRouter() {
  return createRouter({
    routeTree: root.addChildren([
      home,
      runs,
      run,
      batch,
      tasks,
      task,
      schedules,
      queues,
      waitpoints,
      test,
      tokens,
      realtime,
      approve,
    ]),
    parseSearch,
    stringifySearch,
    context: { onSignedOut: () => {} },
    defaultPreload: 'intent',
    scrollRestoration: true,
  });
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof newRouter>;
  }
}
