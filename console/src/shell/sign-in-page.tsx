// Stands in place of every page until somebody is signed in. It asks the API for nothing but health.
import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { sessionEnd } from '../api/session.ts';
import { reachQuery } from '../api/queries.ts';
import { Mark } from '../ui/icons.tsx';
import { Notices } from '../ui/notices.tsx';
import { usePageHeading } from '../ui/panel.tsx';
import { Message } from '../ui/states.tsx';
import { redeem, type Entry, type LinkRefusal } from './entry.ts';
import { SignInForm } from './sign-in-form.tsx';
import css from './sign-in-page.module.css';
import { ThemeToggle } from './theme-toggle.tsx';

export function SignInPage({ entry }: { readonly entry: Entry }) {
  return (
    <>
      <header className={css.header}>
        <span className={css.brand}>
          <Mark />
          Bellwether
        </span>
        <ThemeToggle />
      </header>
      <main className={css.main}>
        {entry.at === 'looking' ? (
          <p className="visually-hidden" role="status">
            Looking for a signed-in tab
          </p>
        ) : entry.at === 'redeeming' ? (
          <Redeeming />
        ) : (
          <Ways refusal={entry.refusal} />
        )}
      </main>
      <Notices />
    </>
  );
}

function Redeeming() {
  const heading = usePageHeading('Signing in');
  return (
    <div className={css.progress} role="status">
      <h1 ref={heading} tabIndex={-1}>
        Signing in…
      </h1>
      <progress aria-label="The desk checks the link" />
    </div>
  );
}

function Ways({ refusal }: { readonly refusal: LinkRefusal | null }) {
  const heading = usePageHeading('Sign in');
  return (
    <div className={css.card}>
      <div className={css.intro}>
        <h1 ref={heading} tabIndex={-1}>
          Sign in
        </h1>
        <p className={css.lead}>The desk shows customers, shipments and costs to signed-in users only.</p>
        <Reason refusal={refusal} />
        <Reach />
      </div>
      <div className={css.ways}>
        <section className={css.way} aria-labelledby="sign-in-link">
          <h2 id="sign-in-link">With a link</h2>
          <p>Open the link that the desk printed when it started. It is good once, for ten minutes.</p>
          <p>For another link, run this in the folder of Bellwether, on the machine that runs the desk:</p>
          <pre tabIndex={0} aria-label="Command">
            npm run bellwether -- sign-in
          </pre>
        </section>
        <section className={css.way} aria-labelledby="sign-in-account">
          <h2 id="sign-in-account">With a password or a token</h2>
          <SignInForm />
        </section>
      </div>
    </div>
  );
}

function Reason({ refusal }: { readonly refusal: LinkRefusal | null }) {
  if (refusal) {
    const { words, retry } = refusal;
    const again =
      retry === null
        ? {}
        : {
            action: (
              <Button size="xs" variant="default" onClick={() => void redeem(retry)}>
                Try again
              </Button>
            ),
          };
    return (
      <div className={css.reason}>
        <Message icon="alert" tone="bad" title="The link did not sign you in." {...again}>
          {words} {retry === null && 'Make another link, or sign in with a password or a token.'}
        </Message>
      </div>
    );
  }
  if (sessionEnd() === 'ended') {
    return (
      <div className={css.reason}>
        <Message icon="lock" tone="warn" title="Your session has ended.">
          Sign in again to go on. The page that you were on opens again.
        </Message>
      </div>
    );
  }
  return sessionEnd() === 'signed-out' ? (
    <p className={css.out} role="status">
      You are signed out.
    </p>
  ) : null;
}

/** Says so when the desk does not answer: signing in would fail. */
function Reach() {
  const { error } = useQuery(reachQuery);
  if (!error) return null;
  return (
    <div className={css.reason}>
      <Message icon="broken" tone="bad" title="The desk does not answer.">
        Check that it runs: <code>npm start</code>. This page tries again every 10 s.
      </Message>
    </div>
  );
}
