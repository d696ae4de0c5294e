// Addresses and their pages. The overview comes with the first load, the others when they are asked for.
import { createRootRoute, createRoute, createRouter, lazyRouteComponent, Link, type ErrorComponentProps } from '@tanstack/react-router';
import Overview from './pages/overview/overview.tsx';
import { Shell } from './shell/shell.tsx';
import { Page } from './ui/panel.tsx';
import { Message } from './ui/states.tsx';

const one = <T extends string>(value: unknown, of: readonly T[]): { show?: T } => {
  const found = of.find((word) => word === value);
  return found === undefined ? {} : { show: found };
};

function NotFound() {
  return (
    <Page question="Where were you going?" name="Not found">
      <Message icon="info" title="There is no page at this address." action={<Link to="/">Go to the overview</Link>} />
    </Page>
  );
}

function Broken({ error, reset }: ErrorComponentProps) {
  return (
    <Page question="What went wrong?" name="Error">
      <Message icon="alert" tone="bad" title="This page could not be shown." action={<button type="button" onClick={reset}>Try again</button>}>
        {error instanceof Error ? error.message : String(error)} If Bellwether was updated meanwhile, reload the page.
      </Message>
    </Page>
  );
}

const root = createRootRoute({ component: Shell, notFoundComponent: NotFound });
const overview = createRoute({ getParentRoute: () => root, path: '/', component: Overview });
const map = createRoute({ getParentRoute: () => root, path: '/map', component: lazyRouteComponent(() => import('./pages/map/map.tsx')) });
const decisions = createRoute({
  getParentRoute: () => root,
  path: '/decisions',
  validateSearch: (search: Record<string, unknown>) => one(search['show'], ['active', 'superseded', 'expired', 'all'] as const),
  component: lazyRouteComponent(() => import('./pages/decisions/decisions.tsx')),
});
const decision = createRoute({ getParentRoute: () => root, path: '/decisions/$id', component: lazyRouteComponent(() => import('./pages/decision/decision.tsx')) });
const signals = createRoute({
  getParentRoute: () => root,
  path: '/signals',
  validateSearch: (search: Record<string, unknown>) => one(search['show'], ['all', 'live', 'rejected', 'expired'] as const),
  component: lazyRouteComponent(() => import('./pages/signals/signals.tsx')),
});
const chokepoints = createRoute({ getParentRoute: () => root, path: '/chokepoints', component: lazyRouteComponent(() => import('./pages/chokepoints/chokepoints.tsx')) });
const chokepoint = createRoute({ getParentRoute: () => root, path: '/chokepoints/$id', component: lazyRouteComponent(() => import('./pages/chokepoints/chokepoint.tsx')) });
const shipments = createRoute({ getParentRoute: () => root, path: '/shipments', component: lazyRouteComponent(() => import('./pages/shipments/shipments.tsx')) });
const customers = createRoute({ getParentRoute: () => root, path: '/customers', component: lazyRouteComponent(() => import('./pages/customers/customers.tsx')) });
const newCustomer = createRoute({ getParentRoute: () => root, path: '/customers/new', component: lazyRouteComponent(() => import('./pages/customers/new-customer.tsx')) });
const editCustomer = createRoute({ getParentRoute: () => root, path: '/customers/$id/edit', component: lazyRouteComponent(() => import('./pages/customers/customer-form.tsx')) });
const importFile = createRoute({
  getParentRoute: () => root,
  path: '/customers/import',
  validateSearch: (search: Record<string, unknown>): { what?: 'shipments' | 'customers' } => (search['what'] === 'customers' ? { what: 'customers' } : search['what'] === 'shipments' ? { what: 'shipments' } : {}),
  component: lazyRouteComponent(() => import('./pages/customers/import.tsx')),
});
const record = createRoute({ getParentRoute: () => root, path: '/record', component: lazyRouteComponent(() => import('./pages/record/record.tsx')) });
const backtests = createRoute({ getParentRoute: () => root, path: '/backtests', component: lazyRouteComponent(() => import('./pages/backtest/backtests.tsx')) });
const backtest = createRoute({ getParentRoute: () => root, path: '/backtests/$id', component: lazyRouteComponent(() => import('./pages/backtest/backtest.tsx')) });
const alerts = createRoute({ getParentRoute: () => root, path: '/alerts', component: lazyRouteComponent(() => import('./pages/alerts/alerts.tsx')) });
const system = createRoute({ getParentRoute: () => root, path: '/system', component: lazyRouteComponent(() => import('./pages/system/system.tsx')) });

export const router = createRouter({
  routeTree: root.addChildren([customers, newCustomer, editCustomer, importFile, record, backtests, backtest, overview, map, decisions, decision, signals, chokepoints, chokepoint, shipments, alerts, system]),
  defaultPreload: 'intent',
  defaultErrorComponent: Broken,
  scrollRestoration: true,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
