// Zoom and pan of a frame: by wheel, fingers, keys and buttons. The arithmetic is pure; the hook ties it to an element.
import { useEffect, useRef, useState, type KeyboardEvent, type PointerEvent } from 'react';
import type { Box } from './projection.ts';

/** What is drawn at p stands at p · k + (x, y). */
export interface View {
  readonly k: number;
  readonly x: number;
  readonly y: number;
}

export const WHOLE: View = { k: 1, x: 0, y: 0 };
const MOST = 12;
const STEP = 1.5;
/** A pointer that moved less has pressed, not dragged. Pixels. */
const SLACK = 4;

const within = (value: number, low: number, high: number): number => Math.min(high, Math.max(low, value));

/** The frame always shows map: it cannot be dragged away. */
export function clamped({ k, x, y }: View, { width, height }: Box): View {
  const scale = within(k, 1, MOST);
  return { k: scale, x: within(x, width * (1 - scale), 0), y: within(y, height * (1 - scale), 0) };
}

/** Nearer or farther, with one point of the frame kept where it is. */
export function zoomedAt(view: View, factor: number, [px, py]: readonly [number, number], box: Box): View {
  const k = within(view.k * factor, 1, MOST);
  const by = k / view.k;
  return clamped({ k, x: px - (px - view.x) * by, y: py - (py - view.y) * by }, box);
}

/** The nearest view that has all the points in it, with a margin in pixels. */
export function fitted(points: readonly (readonly [number, number])[], box: Box, margin: number, most: number): View {
  if (points.length === 0) return WHOLE;
  const xs = points.map(([x]) => x);
  const ys = points.map(([, y]) => y);
  const [left, right, top, bottom] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  const room = (size: number, span: number): number => Math.max(1, size - 2 * margin) / Math.max(1, span);
  const k = within(Math.min(room(box.width, right - left), room(box.height, bottom - top)), 1, most);
  return clamped({ k, x: box.width / 2 - (k * (left + right)) / 2, y: box.height / 2 - (k * (top + bottom)) / 2 }, box);
}

export interface ViewControl {
  readonly view: View;
  readonly moved: boolean;
  readonly zoom: (factor: number) => void;
  readonly reset: () => void;
  /** Brings a point (before zoom and pan) into the frame, if it is not. */
  readonly show: (point: readonly [number, number]) => void;
  readonly ref: React.RefObject<HTMLDivElement | null>;
  readonly handlers: {
    readonly onPointerDown: (event: PointerEvent) => void;
    readonly onPointerMove: (event: PointerEvent) => void;
    readonly onPointerUp: (event: PointerEvent) => void;
    readonly onPointerCancel: (event: PointerEvent) => void;
    readonly onKeyDown: (event: KeyboardEvent) => void;
  };
}

const ARROWS: Readonly<Record<string, readonly [number, number]>> = { ArrowLeft: [1, 0], ArrowRight: [-1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };

/** @param home the view at first and after a reset; it follows its data until the person moves the map */
export function useView(box: Box, home: View): ViewControl {
  const ref = useRef<HTMLDivElement>(null);
  const [own, setOwn] = useState<View | null>(null);
  const view = clamped(own ?? home, box);
  const latest = useRef({ view, box });
  latest.current = { view, box };
  const pointers = useRef(new Map<number, readonly [number, number]>());
  const dragged = useRef(false);

  const at = (event: { clientX: number; clientY: number }): readonly [number, number] => {
    const frame = ref.current?.getBoundingClientRect();
    return [event.clientX - (frame?.left ?? 0), event.clientY - (frame?.top ?? 0)];
  };
  const move = (next: View): void => {
    latest.current.view = clamped(next, latest.current.box);
    setOwn(latest.current.view);
  };
  const zoom = (factor: number, point: readonly [number, number] = [box.width / 2, box.height / 2]): void => move(zoomedAt(latest.current.view, factor, point, latest.current.box));

  useEffect(() => {
    const element = ref.current;
    if (!element) return undefined;
    // A wheel alone scrolls the page; with Ctrl, and so from two fingers on a pad, it zooms. Passive listeners could not stop the browser's own zoom.
    const wheel = (event: WheelEvent): void => {
      if (!event.ctrlKey && !event.metaKey) return;
      event.preventDefault();
      zoom(Math.exp(-within(event.deltaY, -60, 60) / 100), at(event));
    };
    // A press that ended a drag is none on the mark beneath.
    const click = (event: MouseEvent): void => {
      if (!dragged.current) return;
      event.preventDefault();
      event.stopPropagation();
      dragged.current = false;
    };
    element.addEventListener('wheel', wheel, { passive: false });
    element.addEventListener('click', click, true);
    return () => {
      element.removeEventListener('wheel', wheel);
      element.removeEventListener('click', click, true);
    };
  }, []);

  const down = (event: PointerEvent): void => {
    if (event.pointerType === 'mouse' && event.button !== 0) return;
    if (pointers.current.size === 0) dragged.current = false;
    pointers.current.set(event.pointerId, at(event));
  };
  const drag = (event: PointerEvent): void => {
    const before = pointers.current.get(event.pointerId);
    if (!before) return;
    const now = at(event);
    if (!dragged.current && Math.hypot(now[0] - before[0], now[1] - before[1]) < SLACK) return;
    if (!dragged.current) ref.current?.setPointerCapture(event.pointerId);
    dragged.current = true;
    const other = [...pointers.current].find(([id]) => id !== event.pointerId)?.[1];
    pointers.current.set(event.pointerId, now);
    const { view: from, box: frame } = latest.current;
    if (!other) return move({ ...from, x: from.x + now[0] - before[0], y: from.y + now[1] - before[1] });
    const [was, is] = [Math.hypot(before[0] - other[0], before[1] - other[1]), Math.hypot(now[0] - other[0], now[1] - other[1])];
    if (was > 0) move(zoomedAt(from, is / was, [(now[0] + other[0]) / 2, (now[1] + other[1]) / 2], frame));
  };
  const up = (event: PointerEvent): void => void pointers.current.delete(event.pointerId);
  const key = (event: KeyboardEvent): void => {
    const arrow = ARROWS[event.key];
    if (!arrow || event.ctrlKey || event.metaKey || event.altKey) return;
    const from = latest.current.view;
    if (from.k === 1) return;
    event.preventDefault();
    move({ ...from, x: from.x + arrow[0] * 60, y: from.y + arrow[1] * 60 });
  };

  return {
    view,
    moved: own !== null,
    ref,
    zoom,
    reset: () => setOwn(null),
    show([px, py]) {
      const { view: from, box: frame } = latest.current;
      const [sx, sy] = [px * from.k + from.x, py * from.k + from.y];
      if (sx >= 0 && sy >= 0 && sx <= frame.width && sy <= frame.height) return;
      move({ k: from.k, x: frame.width / 2 - px * from.k, y: frame.height / 2 - py * from.k });
    },
    handlers: { onPointerDown: down, onPointerMove: drag, onPointerUp: up, onPointerCancel: up, onKeyDown: key },
  };
}

export const NEARER = STEP;
export const FARTHER = 1 / STEP;
