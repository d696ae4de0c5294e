// The designed states of anything that is fetched: loading, empty, stale, error, not allowed. Each says what to do next.
import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { CSSProperties, ReactNode } from 'react';
import { ApiError } from '../api/client.ts';
import { useSignIn } from '../shell/sign-in-context.ts';
import { Icon, type IconName } from './icons.tsx';
import css from './states.module.css';

interface Asked<T> {
  readonly data: T | undefined;
  readonly error: Error | null;
  readonly isPending: boolean;
  readonly isFetching: boolean;
  refetch(): unknown;
}

interface GuardProps<T> {
  readonly query: Asked<T>;
  /** What stands there meanwhile: of the same size as what will come. */
  readonly loading: ReactNode;
  /** What is being read, for the words of an error: "the decisions". */
  readonly what: string;
  readonly children: (data: T) => ReactNode;
}

/** What the desk says is gone, or not for this person: the old figures are not shown on. */
const final = (error: Error | null): boolean => error instanceof ApiError && ['not-found', 'not-allowed', 'sign-in'].includes(error.trouble);

/** Old figures stay on the page when a refresh fails, with a word that says so. */
export function Guard<T>({ query, loading, what, children }: GuardProps<T>) {
  if (query.data !== undefined && !final(query.error)) {
    return (
      <div className={css.guard}>
        {children(query.data)}
        {query.error && <Stale error={query.error} retry={() => query.refetch()} what={what} />}
      </div>
    );
  }
  if (query.error) return <Trouble error={query.error} what={what} retry={() => query.refetch()} />;
  return (
    <div aria-busy="true">
      <span className="visually-hidden">Loading {what}</span>
      {loading}
    </div>
  );
}

/** @param onPhone height there, where a table's row is a card; as on a desk when absent */
export function Bones({ rows, height, onPhone = height }: { readonly rows: number; readonly height: number; readonly onPhone?: number }) {
  return (
    <div className={css.bones} aria-hidden="true">
      {Array.from({ length: rows }, (_, i) => (
        <div key={i} className={css.bone} style={{ '--desk': `${height}px`, '--phone': `${onPhone}px` } as CSSProperties} />
      ))}
    </div>
  );
}

export const Block = ({ height }: { readonly height: number }) => <div className={css.block} style={{ height }} aria-hidden="true" />;

interface MessageProps {
  readonly icon: IconName;
  readonly title: string;
  readonly children?: ReactNode;
  readonly action?: ReactNode;
  readonly tone?: 'calm' | 'bad' | 'warn';
}

export function Message({ icon, title, children, action, tone = 'calm' }: MessageProps) {
  return (
    <div className={css.message} data-tone={tone} role={tone === 'calm' ? undefined : 'alert'}>
      <Icon name={icon} size={22} />
      <div>
        <p className="strong">{title}</p>
        {children !== undefined && <div className={css.words}>{children}</div>}
        {action !== undefined && <div className={css.action}>{action}</div>}
      </div>
    </div>
  );
}

/** Nothing there, and why that is fine or what would change it. */
export const Empty = (props: Omit<MessageProps, 'icon' | 'tone'> & { readonly icon?: IconName }) => <Message icon="check" {...props} />;

export function Trouble({ error, what, retry }: { readonly error: Error; readonly what: string; readonly retry: () => unknown }) {
  const { ask } = useSignIn();
  const again = (
    <Button size="xs" variant="default" onClick={() => void retry()}>
      Try again
    </Button>
  );
  if (!(error instanceof ApiError)) {
    return <Message icon="alert" tone="bad" title={`The page could not show ${what}.`} action={again}>{error.message}</Message>;
  }
  const trace = error.traceId && <span className="dim"> Trace <code>{error.traceId}</code>, code <code>{error.code}</code>.</span>;
  switch (error.trouble) {
    case 'not-allowed':
      return (
        <Message icon="lock" tone="warn" title={`Your role may not see ${what}.`} action={<Button size="xs" variant="default" onClick={() => void ask('Sign in as someone whose role allows it.').then((ok) => ok && retry())}>Sign in as someone else</Button>}>
          {error.message} An administrator can change your role. {trace}
        </Message>
      );
    case 'unreachable':
      return <Message icon="broken" tone="bad" title={`${error.message} So ${what} cannot be shown.`} action={again}>Check that Bellwether is running (<code>npm start</code>) and that this machine reaches it.</Message>;
    case 'not-found':
      return <Message icon="info" tone="warn" title={`The desk does not know ${what}.`} action={<Link to="/">Go to the overview</Link>}>The address may be of an earlier replay: starting again clears what came before. {trace}</Message>;
    case 'busy':
      return <Message icon="clock" tone="warn" title={`The desk is busy and did not give ${what}.`} action={again}>{error.message}{error.retryAfter !== null && ` Try again in ${error.retryAfter} s.`} {trace}</Message>;
    default:
      return <Message icon="alert" tone="bad" title={`The desk could not give ${what}.`} action={again}>{error.message} {trace}</Message>;
  }
}

/** In a corner over the figures, so that nothing moves when it comes and goes. */
function Stale({ error, retry, what }: { readonly error: Error; readonly retry: () => unknown; readonly what: string }) {
  return (
    <p className={css.stale} role="status" title={error.message}>
      <Icon name="alert" size={14} />
      <span>
        Older figures<span className="visually-hidden">: the last refresh of {what} failed. {error.message}</span>
      </span>
      <button type="button" onClick={() => void retry()}>
        Try again
      </button>
    </p>
  );
}
