// The marks on the map: passages by their state and ships by what they ask. Shape, colour and words say the same. Each is a link.
import { Link } from '@tanstack/react-router';
import type { MouseEvent, PointerEvent, ReactNode } from 'react';
import type { Chokepoint } from '../api/types.ts';
import { ACTION_WORDS, passageWord, wordFor, type Tone } from '../ui/words.tsx';
import { asksForAct, type Voyage } from './voyage.ts';
import css from './marks.module.css';

/** Pixels in the frame. */
export interface Spot {
  readonly x: number;
  readonly y: number;
}

export interface Reach {
  readonly onNear: () => void;
  readonly onFar: () => void;
  readonly onFocused: () => void;
  /** A finger has no way to hover: its first press shows the card. */
  readonly onTouched: () => void;
}

function reachOf({ onNear, onFar, onFocused, onTouched }: Reach) {
  return {
    onPointerEnter: (event: PointerEvent) => event.pointerType === 'mouse' && onNear(),
    onPointerLeave: (event: PointerEvent) => event.pointerType === 'mouse' && onFar(),
    onFocus: onFocused,
    onBlur: onFar,
    onClick: (event: MouseEvent) => {
      // Where a browser does not say what pressed, the press opens the page at once.
      if ((event.nativeEvent as globalThis.PointerEvent).pointerType !== 'touch') return;
      event.preventDefault();
      onTouched();
    },
    draggable: false,
  };
}

const SHAPES: Readonly<Record<string, ReactNode>> = {
  NORMAL: <circle cx="10" cy="10" r="4.5" />,
  NO_DATA: <circle cx="10" cy="10" r="3" />,
  PREDICTED_NOT_OBSERVED: <path d="M10 3 17 10 10 17 3 10z" />,
  MATERIALIZING: <path d="M10 2.5 18 16.5H2z" />,
  CONFIRMED: <path d="M6.3 1.5h7.4l4.8 4.8v7.4l-4.8 4.8H6.3l-4.8-4.8V6.3z" />,
  SURPRISE: <path d="M10 1l2.6 5.4 5.9.8-4.3 4.2 1 5.9L10 14.5l-5.2 2.8 1-5.9L1.5 7.2l5.9-.8z" />,
};

const toneOf = (passage: Chokepoint): Tone | 'none' => (passageWord(passage).text === 'No data' ? 'none' : passageWord(passage).tone);

export function PassageShape({ status, tone, size = 20 }: { readonly status: string; readonly tone: string; readonly size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 20 20" className={css.shape} data-tone={tone} data-status={status} aria-hidden="true" focusable="false">
      {SHAPES[status] ?? SHAPES['NORMAL']}
    </svg>
  );
}

export type LabelSide = 'left' | 'right' | 'above' | 'below' | 'none';

export function PassageMark({ passage, spot, label, words, reach, on }: { readonly passage: Chokepoint; readonly spot: Spot; readonly label: LabelSide; readonly words: string; readonly reach: Reach; readonly on: boolean }) {
  const word = passageWord(passage);
  const tone = toneOf(passage);
  return (
    <Link to="/chokepoints/$id" params={{ id: passage.id }} className={css.mark} data-on={on} data-mark="passage" style={{ transform: `translate(${spot.x}px, ${spot.y}px)` }} aria-label={`${passage.name}: ${word.text}. ${words}`} {...reachOf(reach)}>
      <PassageShape status={tone === 'none' ? 'NO_DATA' : passage.status} tone={tone} size={passage.status === 'NORMAL' ? 18 : 22} />
      {label !== 'none' && (
        <span className={css.label} data-side={label} aria-hidden="true">
          {shortName(passage.name)}
          {passage.status !== 'NORMAL' && <b data-tone={tone}> {word.text}</b>}
        </span>
      )}
    </Link>
  );
}

export const shortName = (name: string): string => name.replace(/^Strait of |\s(Strait|Canal)$/g, '');

/** @param heading degrees on the screen, 0 up; null in port */
export function ShipMark({ voyage, exposed, spot, heading, label, words, reach, on }: { readonly voyage: Voyage; readonly exposed: boolean; readonly spot: Spot; readonly heading: number | null; readonly label: LabelSide; readonly words: string; readonly reach: Reach; readonly on: boolean }) {
  const { shipment, decision } = voyage;
  const kind = asksForAct(voyage) ? 'act' : exposed ? 'exposed' : 'clear';
  const shared = { className: css.mark, 'data-on': on, 'data-mark': 'ship', 'data-kind': kind, style: { transform: `translate(${spot.x}px, ${spot.y}px)` }, 'aria-label': `Shipment ${shipment.reference}: ${words}`, ...reachOf(reach) };
  const inside = (
    <>
      <svg width={18} height={18} viewBox="0 0 20 20" className={css.ship} data-kind={kind} data-port={heading === null} aria-hidden="true" focusable="false" style={heading === null ? undefined : { transform: `rotate(${heading}deg)` }}>
        {heading === null ? <rect x="5" y="5" width="10" height="10" rx="1.5" /> : <path d="M10 1.5 16 17.5 10 14 4 17.5z" />}
      </svg>
      {label !== 'none' && (
        <span className={css.label} data-side={label} aria-hidden="true">
          {shipment.reference}
          {decision && decision.action !== 'proceed' && <b data-tone="accent"> {wordFor(ACTION_WORDS, decision.action).text}</b>}
        </span>
      )}
    </>
  );
  return decision ? (
    <Link to="/decisions/$id" params={{ id: decision.id }} {...shared}>{inside}</Link>
  ) : (
    <Link to="/shipments" hash={shipment.id} {...shared}>{inside}</Link>
  );
}
