// Where marks and their labels go when several want one place. Pure.
import type { LabelSide, Spot } from './marks.tsx';

/** Marks nearer than this to each other are moved apart. Pixels. */
const CLOSE = 15;
const RING = 8;
/** A generous guess of a letter's width at 12 px: a label too wide is left out, one too narrow would cover another. */
const LETTER = 6.7;
const LABEL_HEIGHT = 16;
const LABEL_GAP = 13;

/** The same spots in the same order, those that would cover an earlier one moved around it in a ring. */
export function apart(spots: readonly Spot[], taken: readonly Spot[] = []): readonly Spot[] {
  const placed: Spot[] = [...taken];
  return spots.map((spot) => {
    let chosen = spot;
    for (let turn = 0; turn < 4 * RING && placed.some((other) => Math.hypot(other.x - chosen.x, other.y - chosen.y) < CLOSE); turn += 1) {
      const angle = (turn / RING) * 2 * Math.PI;
      const reach = CLOSE * (1.1 + Math.floor(turn / RING));
      chosen = { x: spot.x + reach * Math.cos(angle), y: spot.y + reach * Math.sin(angle) };
    }
    placed.push(chosen);
    return chosen;
  });
}

export interface Label {
  readonly spot: Spot;
  readonly text: string;
}

/** For each label the side with room beside its mark, inside the frame and clear of marks and earlier labels; else none. */
export function sides(labels: readonly (Label | null)[], marks: readonly Spot[], frame: { readonly width: number; readonly height: number }): readonly LabelSide[] {
  const boxes = marks.map(({ x, y }) => ({ left: x - 9, right: x + 9, top: y - 9, bottom: y + 9 }));
  return labels.map((label) => {
    if (!label) return 'none';
    const { spot: { x, y }, text } = label;
    const width = text.length * LETTER;
    for (const side of ['right', 'left', 'above', 'below'] as const) {
      const left = side === 'right' ? x + LABEL_GAP : side === 'left' ? x - LABEL_GAP - width : x - width / 2;
      const top = side === 'above' ? y - LABEL_GAP - LABEL_HEIGHT : side === 'below' ? y + LABEL_GAP : y - LABEL_HEIGHT / 2;
      const box = { left, right: left + width, top, bottom: top + LABEL_HEIGHT };
      const inside = box.left >= 2 && box.right <= frame.width - 2 && box.top >= 2 && box.bottom <= frame.height - 2;
      if (!inside || boxes.some((other) => box.left < other.right && box.right > other.left && box.top < other.bottom && box.bottom > other.top)) continue;
      boxes.push(box);
      return side;
    }
    return 'none';
  });
}
