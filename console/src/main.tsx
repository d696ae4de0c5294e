// Starts the console: styles, theme, queries, the live connection, and the first page.
import './theme/mantine.css';
import './theme/tokens.css';
import './theme/base.css';
import { MantineProvider } from '@mantine/core';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { ApiError } from './api/client.ts';
import { connectLive } from './api/live.ts';
import { onSession } from './api/session.ts';
import { router } from './router.tsx';
import { theme } from './theme/theme.ts';

const client = new QueryClient({
  defaultOptions: {
    queries: {
      // Events say when an answer is old; until one comes it is fresh.
      staleTime: 30_000,
      // What will not change by asking again is not asked again.
      retry: (failures, error) => failures < 2 && !(error instanceof ApiError && ['sign-in', 'not-allowed', 'not-found', 'refused'].includes(error.trouble)),
    },
  },
});

connectLive(client);
onSession(() => void client.invalidateQueries());

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no #root');
// The style variables stand in tokens.css: written at run time they would need a style element, which the content policy refuses.
createRoot(root).render(
  <StrictMode>
    <MantineProvider theme={theme} defaultColorScheme="auto" withCssVariables={false} withGlobalClasses={false}>
      <QueryClientProvider client={client}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </MantineProvider>
  </StrictMode>,
);
