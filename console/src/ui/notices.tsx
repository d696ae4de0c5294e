// Short words after an act: what was done, or why not. Errors stay until dismissed.
import { useSyncExternalStore } from 'react';
import { Icon } from './icons.tsx';
import css from './notices.module.css';

interface Notice {
  readonly id: number;
  readonly tone: 'good' | 'bad';
  readonly text: string;
}

const GOOD_MS = 6_000;
let notices: readonly Notice[] = [];
let last = 0;
const listeners = new Set<() => void>();

function set(next: readonly Notice[]): void {
  notices = next;
  for (const listener of listeners) listener();
}

const dismiss = (id: number): void => set(notices.filter((notice) => notice.id !== id));

export function notify(tone: Notice['tone'], text: string): void {
  const id = ++last;
  set([...notices.slice(-2), { id, tone, text }]);
  if (tone === 'good') window.setTimeout(() => dismiss(id), GOOD_MS);
}

export function Notices() {
  const shown = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => notices,
  );
  return (
    <div className={css.notices} role="region" aria-label="Notices" aria-live="polite">
      {shown.map((notice) => (
        <div key={notice.id} className={css.notice} data-tone={notice.tone} role={notice.tone === 'bad' ? 'alert' : 'status'}>
          <Icon name={notice.tone === 'bad' ? 'alert' : 'check'} />
          <span>{notice.text}</span>
          <button type="button" aria-label="Dismiss" onClick={() => dismiss(notice.id)}>
            <Icon name="cross" />
          </button>
        </div>
      ))}
    </div>
  );
}
