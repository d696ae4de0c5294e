// Starts the console: sign-in link, styles, theme, queries, the live connection, and the first page.
// First, before the router reads the address: a sign-in code leaves it.
import './api/link-code.ts';
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
import { startEntry } from './shell/entry.ts';
import { theme } from './theme/theme.ts';

const client = new QueryClient({
  defaultOptions: {
    queries: {
      // Events say when an answer is old; until one comes it is fresh.
      staleTime: 30_000,
      // An answer that would be the same again is not asked for again.
      retry: (failures, error) => failures < 2 && !(error instanceof ApiError && ['sign-in', 'not-allowed', 'not-found', 'refused'].includes(error.trouble)),
    },
  },
});

startEntry();
connectLive(client);
// What one person was shown is not shown to the next. After a sign-out the shell clears the rest (shell.tsx).
onSession(({ session, before }) => {
  if (session && before && session.subject !== before.subject) void client.resetQueries();
});

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
