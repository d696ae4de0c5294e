// Whether the page updates by itself. When the connection is lost: since when, and when it is tried again.
import { useEffect, useState } from 'react';
import { retryConnection, useLiveState } from '../api/live.ts';
import { seconds } from '../format/time.ts';
import { Icon } from '../ui/icons.tsx';
import css from './connection.module.css';

/** A blink of the connection is not worth a word. */
const PATIENCE_MS = 1_200;

export function Connection() {
  const live = useLiveState();
  const [now, setNow] = useState(() => Date.now());
  const lost = live.kind === 'lost';
  useEffect(() => {
    if (!lost) return undefined;
    setNow(Date.now());
    const timer = window.setInterval(() => setNow(Date.now()), 500);
    return () => window.clearInterval(timer);
  }, [lost]);
  const tell = live.kind === 'lost' && now - live.since > PATIENCE_MS;
  return (
    <>
      <span className="visually-hidden" role="status">
        {tell ? 'Connection lost. Retrying. Figures may be old.' : ''}
      </span>
      {tell && live.kind === 'lost' ? (
        <button type="button" className={css.lost} data-lost onClick={retryConnection} title="The page asks every 10 s meanwhile. Press to try now.">
          <Icon name="broken" size={14} />
          <span className={css.long}>Connection lost, retrying {live.retryAt > now ? `in ${seconds(live.retryAt - now)}` : 'now'}</span>
          <span className={css.short}>Lost · {live.retryAt > now ? seconds(live.retryAt - now) : 'retrying'}</span>
        </button>
      ) : (
        <span className={css.open} data-on={live.kind === 'open'} title={live.kind === 'open' ? 'Changes appear here by themselves.' : 'Connecting.'}>
          <Icon name="signal" size={14} />
          <span className={css.long}>{live.kind === 'open' ? 'Updating' : 'Connecting'}</span>
        </span>
      )}
    </>
  );
}
