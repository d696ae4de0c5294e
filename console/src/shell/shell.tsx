// The frame around every page: header, the day being played, navigation, notices. Signed out: the sign-in page instead.
import { ActionIcon } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { Link, Outlet } from '@tanstack/react-router';
import { useEffect } from 'react';
import { useSession } from '../api/session.ts';
import { reachQuery } from '../api/queries.ts';
import { useStatus } from '../api/use-desk.ts';
import { Icon, Mark } from '../ui/icons.tsx';
import { Notices } from '../ui/notices.tsx';
import { Account } from './account.tsx';
import { Announcer } from './announcer.tsx';
import { Connection } from './connection.tsx';
import { useEntry } from './entry.ts';
import { ModeBadge } from './mode-badge.tsx';
import { BottomNav, HeaderNav } from './nav.tsx';
import { ReplayBar } from './replay-bar.tsx';
import { ShortcutsProvider, useShortcuts } from './shortcuts.tsx';
import { SignInProvider } from './sign-in.tsx';
import { SignInPage } from './sign-in-page.tsx';
import { ThemeToggle } from './theme-toggle.tsx';
import css from './shell.module.css';

export function Shell() {
  const held = useSession();
  const entry = useEntry();
  const client = useQueryClient();
  const signedIn = held !== null;
  useEffect(() => {
    // The pages are gone by now: nothing asks again.
    if (!signedIn) client.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== reachQuery.queryKey[0] });
  }, [client, signedIn]);
  if (entry.at !== 'ready' || !signedIn) return <SignInPage entry={entry} />;
  return (
    <SignInProvider>
      <ShortcutsProvider>
        <Frame />
      </ShortcutsProvider>
    </SignInProvider>
  );
}

function Frame() {
  const { data: status, isPending } = useStatus();
  return (
    <>
      <a className={css.skip} href="#content">
        Skip to the page
      </a>
      <div className={css.top}>
        <header className={css.header}>
          <Link to="/" className={css.brand} aria-label="Bellwether: overview">
            <Mark />
            <span className={css.wordmark}>Bellwether</span>
          </Link>
          <HeaderNav />
          <div className={css.tools}>
            <ModeBadge status={status} />
            <Connection />
            <span className={css.desk}>
              <ThemeToggle />
              <Help />
            </span>
            <Account />
          </div>
        </header>
        {status ? <ReplayBar status={status} /> : <div className={css.waiting} data-shown={isPending} aria-hidden="true" />}
      </div>
      <main id="content" className={css.main} tabIndex={-1}>
        <Outlet />
      </main>
      <BottomNav />
      <Notices />
      <Announcer />
    </>
  );
}

function Help() {
  const { help } = useShortcuts();
  return (
    <ActionIcon variant="subtle" color="harbor" size={32} onClick={help} aria-label="Keyboard shortcuts" title="Keyboard shortcuts (?)">
      <Icon name="keyboard" />
    </ActionIcon>
  );
}
