// Keys for everything, listed under `?`. They can be switched off, as single letters must be (WCAG 2.1.4).
import { Button, Kbd, Modal, Switch } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { createContext, useContext, useEffect, useMemo, useRef, useState, type ReactNode } from 'react';
import css from './shortcuts.module.css';

/** Pages by the second key after `g`. */
export const PAGES = [
  ['o', '/', 'Overview'],
  ['m', '/map', 'Map'],
  ['d', '/decisions', 'Decisions'],
  ['s', '/signals', 'Signals'],
  ['c', '/chokepoints', 'Chokepoints'],
  ['h', '/shipments', 'Shipments'],
  ['a', '/alerts', 'Alerts'],
  ['u', '/customers', 'Customers'],
  ['r', '/record', 'Record'],
  ['b', '/backtests', 'Backtests'],
  ['y', '/system', 'System'],
] as const;

const OTHER_KEYS = [
  ['j', 'Next decision in a list'],
  ['k', 'Previous decision in a list'],
  ['+ − 0', 'On the map: nearer, farther, as at first'],
  ['Space', 'Play or pause the replay'],
  ['t', 'Theme: as the system, light, dark'],
  ['?', 'This list'],
] as const;

/** Between `g` and the letter. */
const CHORD_MS = 1_500;
const STORED = 'bellwether.shortcuts';

interface Shortcuts {
  readonly help: () => void;
  /** Gives a key an act for as long as the caller is on the page. */
  readonly bind: (key: string, run: () => void) => () => void;
}

const Context = createContext<Shortcuts>({ help: () => {}, bind: () => () => {} });
export const useShortcuts = (): Shortcuts => useContext(Context);

export function useShortcut(key: string, run: () => void): void {
  const { bind } = useShortcuts();
  const latest = useRef(run);
  latest.current = run;
  useEffect(() => bind(key, () => latest.current()), [bind, key]);
}

/** Whether a key belongs to the control that has the focus: text goes into fields, Space presses buttons. */
function taken(target: EventTarget | null, key: string): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target.closest('input:not([type=radio]), textarea, select, [role=dialog], [role=menu]')) return true;
  return key === ' ' && target.closest('button, a, summary, input, [role=region]') !== null;
}

const readOn = (): boolean => {
  try {
    return localStorage.getItem(STORED) !== 'off';
  } catch {
    return true;
  }
};

/** Moves the focus among the links marked `data-step`, as `j` and `k` do. */
function step(by: 1 | -1): void {
  const all = [...document.querySelectorAll<HTMLElement>('[data-step]')];
  const at = all.findIndex((link) => link === document.activeElement);
  const next = all[at === -1 ? (by === 1 ? 0 : all.length - 1) : Math.min(all.length - 1, Math.max(0, at + by))];
  next?.focus();
}

export function ShortcutsProvider({ children }: { readonly children: ReactNode }) {
  const [open, setOpen] = useState(false);
  const [on, setOn] = useState(readOn);
  const bound = useRef(new Map<string, () => void>());
  const chordAt = useRef(Number.NEGATIVE_INFINITY);
  const navigate = useNavigate();

  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.repeat || taken(event.target, event.key)) return;
      if (!on && event.key !== '?') return;
      const page = event.timeStamp - chordAt.current < CHORD_MS ? PAGES.find(([key]) => key === event.key) : undefined;
      chordAt.current = event.key === 'g' ? event.timeStamp : Number.NEGATIVE_INFINITY;
      const run = page ? () => void navigate({ to: page[1] }) : event.key === '?' ? () => setOpen(true) : event.key === 'j' ? () => step(1) : event.key === 'k' ? () => step(-1) : bound.current.get(event.key);
      if (!run) return;
      event.preventDefault();
      run();
    };
    window.addEventListener('keydown', press);
    return () => window.removeEventListener('keydown', press);
  }, [navigate, on]);

  const value = useMemo<Shortcuts>(
    () => ({
      help: () => setOpen(true),
      bind(key, run) {
        bound.current.set(key, run);
        return () => {
          if (bound.current.get(key) === run) bound.current.delete(key);
        };
      },
    }),
    [],
  );
  const choose = (next: boolean): void => {
    setOn(next);
    try {
      localStorage.setItem(STORED, next ? 'on' : 'off');
    } catch {
      // for this tab alone then
    }
  };
  return (
    <Context value={value}>
      {children}
      <Modal opened={open} onClose={() => setOpen(false)} title="Keyboard" size={460}>
        <dl className={css.keys}>
          {PAGES.map(([key, , name]) => (
            <div key={key}>
              <dt><Kbd>g</Kbd> then <Kbd>{key}</Kbd></dt>
              <dd>{name}</dd>
            </div>
          ))}
          {OTHER_KEYS.map(([key, what]) => (
            <div key={key}>
              <dt><Kbd>{key}</Kbd></dt>
              <dd>{what}</dd>
            </div>
          ))}
        </dl>
        <div className="spread">
          <Switch label="Shortcuts on" checked={on} onChange={(event) => choose(event.currentTarget.checked)} />
          <Button variant="default" size="xs" onClick={() => setOpen(false)}>Close</Button>
        </div>
      </Modal>
    </Context>
  );
}
