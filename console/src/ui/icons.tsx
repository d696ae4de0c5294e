// Small line icons, drawn for this page. They go beside a word; alone they are hidden from screen readers.
import type { ReactNode } from 'react';

const PATHS = {
  alert: <><path d="M8 2 15 14H1z" /><path d="M8 6.5v3.5M8 12v.1" /></>,
  arrow: <path d="M3 8h10M9 4l4 4-4 4" />,
  bell: <><path d="M8 2c-2.5 0-4 1.7-4 4v3L2.5 11.5h11L12 9V6c0-2.3-1.5-4-4-4z" /><path d="M6.7 13.8h2.6" /></>,
  broken: <path d="M2 6.5C5 3.5 11 3.5 14 6.5M4.5 9.3c2-1.9 5-1.9 7 0M8 12.6v.1M2 14 14 2" />,
  check: <path d="m3 8.5 3.2 3.2L13 4.8" />,
  checks: <path d="m1.5 8.5 2.8 3L10 5M7.5 10.7l.9.8L14.5 5" />,
  chevron: <path d="m6 3.5 4.5 4.5L6 12.5" />,
  clock: <><circle cx="8" cy="8" r="6" /><path d="M8 4.5V8l2.5 1.5" /></>,
  cross: <path d="m4 4 8 8M12 4l-8 8" />,
  dot: <circle cx="8" cy="8" r="3.5" fill="currentColor" />,
  down: <path d="M8 3v10M4 9l4 4 4-4" />,
  eye: <><path d="M1.5 8C3 5.3 5.3 4 8 4s5 1.3 6.5 4C13 10.7 10.7 12 8 12s-5-1.3-6.5-4z" /><circle cx="8" cy="8" r="1.8" /></>,
  flag: <path d="M4 14V2.5h8.5L10 5.7l2.5 3.3H4" />,
  globe: <><circle cx="8" cy="8" r="6" /><path d="M2 8h12M8 2c-4 3.5-4 8.5 0 12M8 2c4 3.5 4 8.5 0 12" /></>,
  half: <><circle cx="8" cy="8" r="6" /><path d="M8 2a6 6 0 0 1 0 12z" fill="currentColor" /></>,
  info: <><circle cx="8" cy="8" r="6" /><path d="M8 7.3V11M8 5v.1" /></>,
  keyboard: <><rect x="1.5" y="4" width="13" height="8.5" rx="1.5" /><path d="M4 6.8h.1M6.7 6.8h.1M9.3 6.8h.1M12 6.8h.1M4.5 10h7" /></>,
  lock: <><rect x="3.5" y="7" width="9" height="7" rx="1.2" /><path d="M5.5 7V5a2.5 2.5 0 0 1 5 0v2" /></>,
  moon: <path d="M13 9.5A5.6 5.6 0 0 1 6.5 3 5.6 5.6 0 1 0 13 9.5z" />,
  more: <path d="M3.5 8h.1M8 8h.1M12.5 8h.1" strokeWidth="2.5" />,
  none: <path d="M3.5 8h9" />,
  pause: <path d="M5.2 3v10M10.8 3v10" strokeWidth="2.4" />,
  phone: <path d="M4.2 1.8 6.3 5 4.9 6.6c.8 1.9 2.1 3.3 4.3 4.4L11 9.6l3.2 2.1-.6 2.3c-6.7 0-11.6-5-11.6-11.6z" />,
  play: <path d="M4.5 2.8v10.4L13 8z" fill="currentColor" />,
  plus: <path d="M8 3.5v9M3.5 8h9" />,
  restart: <><path d="M3 8a5 5 0 1 0 1.6-3.7L3 5.8" /><path d="M3 2.5v3.3h3.3" /></>,
  rewind: <path d="M8 4 3 8l5 4zM13.5 4l-5 4 5 4z" fill="currentColor" />,
  scale: <path d="M8 2.5v11M4.5 13.5h7M3 4.5h10M3 4.5 1.3 9a1.9 1.9 0 0 0 3.4 0zM13 4.5 11.3 9a1.9 1.9 0 0 0 3.4 0z" />,
  ship: <><path d="M2 9.5 8 8l6 1.5-1.5 4h-9z" /><path d="M4.5 8.7V5h7v3.7M8 5V2.5" /></>,
  signal: <><circle cx="8" cy="8" r="1.3" fill="currentColor" /><path d="M4.8 11.2a4.5 4.5 0 0 1 0-6.4M11.2 4.8a4.5 4.5 0 0 1 0 6.4M2.7 13.3a7.5 7.5 0 0 1 0-10.6M13.3 2.7a7.5 7.5 0 0 1 0 10.6" /></>,
  skip: <><circle cx="8" cy="8" r="6" /><path d="m4 12 8-8" /></>,
  strait: <path d="M1.5 3c3 .5 3 3.5 6.5 3.5S11.5 3.5 14.5 3M1.5 13c3-.5 3-3.5 6.5-3.5s3.5 3 6.5 3.5M5 8h6" />,
  sun: <><circle cx="8" cy="8" r="3" /><path d="M8 1.5v1.3M8 13.2v1.3M1.5 8h1.3M13.2 8h1.3M3.4 3.4l.9.9M11.7 11.7l.9.9M12.6 3.4l-.9.9M4.3 11.7l-.9.9" /></>,
  system: <><path d="M2 11h2.5L6 5l3 8 2-5.5.8 3.5H14" /></>,
  table: <path d="M2 3.5h12v9H2zM2 6.5h12M6 3.5v9" />,
  target: <><circle cx="8" cy="8" r="6" /><circle cx="8" cy="8" r="2.5" /></>,
  up: <path d="M8 13V3M4 7l4-4 4 4" />,
  user: <><circle cx="8" cy="5.3" r="2.8" /><path d="M2.8 14c.5-3 2.5-4.5 5.2-4.5s4.7 1.5 5.2 4.5" /></>,
  wait: <path d="M4 2h8M4 14h8M5 2c0 4 6 4 6 6s-6 2-6 6M11 2c0 4-6 4-6 6s6 2 6 6" />,
} as const satisfies Record<string, ReactNode>;

export type IconName = keyof typeof PATHS;

export function Icon({ name, size = 16 }: { readonly name: IconName; readonly size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 16 16" fill="none" stroke="currentColor" strokeWidth="1.5" strokeLinecap="round" strokeLinejoin="round" aria-hidden="true" focusable="false" className="icon">
      {PATHS[name]}
    </svg>
  );
}

/** The mark: a bell, after the sheep that leads the flock and is heard before it is seen. */
export function Mark({ size = 24 }: { readonly size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true" focusable="false" className="icon">
      <rect width="32" height="32" rx="7" fill="#0b4f6c" />
      <path d="M16 6.2c-4.3 0-7 3.2-7 7.6v4.4L6.6 22h18.8L23 18.2v-4.4c0-4.4-2.7-7.6-7-7.6z" fill="none" stroke="#fff" strokeWidth="2.2" strokeLinejoin="round" />
      <circle cx="16" cy="25" r="2.3" fill="#ffc15e" />
    </svg>
  );
}
