// The card beside the mark under the pointer, the focus or the finger. Pinned by a finger it has the link that the finger could not hover for.
import { Link } from '@tanstack/react-router';
import { Icon } from '../ui/icons.tsx';
import { passageWord, Says } from '../ui/words.tsx';
import { passageFacts, voyageFacts } from './facts.ts';
import type { Spot } from './marks.tsx';
import type { Box } from './projection.ts';
import type { MapData } from './use-map-data.ts';
import css from './map-card.module.css';

export interface CardOf {
  /** Of a passage or a shipment. */
  readonly id: string;
  readonly pinned: boolean;
}

interface MapCardProps {
  readonly card: CardOf | null;
  readonly data: MapData;
  readonly spotOf: (id: string) => Spot | undefined;
  readonly box: Box;
  readonly onClose: () => void;
}

const WIDTH = 268;
/** Below this the card lies along the bottom of the frame: beside a mark there is no room. */
const NARROW = 560;

export function MapCard({ card, data, spotOf, box, onClose }: MapCardProps) {
  const spot = card ? spotOf(card.id) : undefined;
  if (!card || !spot) return null;
  const passage = data.passages.find((one) => one.passage.id === card.id)?.passage;
  const voyage = data.voyages.find(({ shipment }) => shipment.id === card.id);
  const lines = passage ? passageFacts(passage) : voyage ? voyageFacts(voyage, data.routes.usual(voyage), data.routes.around(voyage), data.now, data.nameOf) : [];
  const decision = voyage?.decision;
  return (
    <div className={css.card} data-pinned={card.pinned} data-narrow={box.width < NARROW} style={box.width < NARROW ? { [spot.y > box.height / 2 ? 'top' : 'bottom']: 6 } : beside(spot, box)} aria-hidden={!card.pinned}>
      <p className={css.head}>
        <span className="strong">{passage?.name ?? voyage?.shipment.reference}</span>
        {passage && <Says word={passageWord(passage)} />}
        {voyage && <span className="dim small">{voyage.shipment.customer_name}</span>}
        {card.pinned && (
          <button type="button" className={css.close} onClick={onClose} aria-label="Close">
            <Icon name="cross" />
          </button>
        )}
      </p>
      <ul className={css.lines}>
        {lines.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
      {card.pinned && (
        <p className={css.open}>
          {passage && <Link to="/chokepoints/$id" params={{ id: passage.id }}>Open this passage</Link>}
          {decision && <Link to="/decisions/$id" params={{ id: decision.id }}>Open the decision</Link>}
          {voyage && !decision && <Link to="/shipments" hash={voyage.shipment.id}>Open the shipments</Link>}
        </p>
      )}
    </div>
  );
}

/** To the right of the mark or, without room, to its left; above the middle it hangs down, below it stands up. */
function beside({ x, y }: Spot, box: Box): React.CSSProperties {
  const across = x + 20 + WIDTH <= box.width ? { left: x + 20 } : { left: Math.max(4, x - 20 - WIDTH) };
  return { width: WIDTH, ...across, ...(y < box.height / 2 ? { top: Math.max(4, y - 16) } : { bottom: Math.max(4, box.height - y - 16) }) };
}
