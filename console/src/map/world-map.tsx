// The world with its passages, the ways of exposed shipments and the ships on them. The pixels are for eyes; each mark is a link with its words.
import { ActionIcon } from '@mantine/core';
import { useElementSize } from '@mantine/hooks';
import { useMemo, useRef, useState } from 'react';
import { useShortcut } from '../shell/shortcuts.tsx';
import { Icon } from '../ui/icons.tsx';
import { passageWord } from '../ui/words.tsx';
import { byConcern } from '../pages/overview/rank.ts';
import { passageFacts, voyageFacts } from './facts.ts';
import { apart, sides, type Label } from './layout.ts';
import { MapCard, type CardOf } from './map-card.tsx';
import { PassageMark, ShipMark, shortName, type Reach, type Spot } from './marks.tsx';
import { landPath, linePath, pixelsOf, projectionFor, type Box } from './projection.ts';
import type { MapData, PlacedPassage } from './use-map-data.ts';
import { FARTHER, fitted, NEARER, useView, WHOLE, type View } from './view.ts';
import { along, asksForAct, detourPart, passagesAhead, type LonLat, type Voyage } from './voyage.ts';
import css from './world-map.module.css';

/** So many ships are drawn; the list beside has all. */
const MOST_SHIPS = 150;
/** From this width on the whole Earth is shown at first; a narrower frame begins with what is in play. Pixels. */
const WIDE = 900;

interface WorldMapProps {
  readonly data: MapData;
  /** A glance: no labels but of what is the matter, no keys of its own. */
  readonly compact?: boolean;
}

export default function WorldMap({ data, compact = false }: WorldMapProps) {
  const { ref: measured, width, height } = useElementSize();
  const box = useMemo(() => ({ width, height }), [width, height]);
  return (
    <div ref={measured} className={css.outer} data-compact={compact}>
      {width > 0 && height > 0 && <Frame data={data} compact={compact} box={box} />}
    </div>
  );
}

interface Drawn {
  readonly voyage: Voyage;
  /** Pixels before zoom and pan. */
  readonly point: readonly [number, number];
  readonly heading: number | null;
  readonly usual: string;
  readonly ahead: string;
  readonly around: string;
}

function Frame({ data, compact, box }: { readonly data: MapData; readonly compact: boolean; readonly box: Box }) {
  const { passages, voyages, routes, exposed } = data;
  const projection = useMemo(() => projectionFor(box), [box]);
  const land = useMemo(() => landPath(projection), [projection]);
  const ships = useMemo(() => drawShips(voyages.slice(0, MOST_SHIPS), routes, projection), [voyages, routes, projection]);
  const ordered = useMemo(() => order(passages), [passages]);
  const waters = useMemo(() => passages.map(({ passage, place }) => ({ id: passage.id, troubled: passage.status !== 'NORMAL', path: linePath(projection, [...place.outline, ...place.outline.slice(0, 1)]) })), [passages, projection]);
  const points = ordered.map(({ place }) => pixelsOf(projection, [place.lon, place.lat]));
  const control = useView(box, useHome(box, compact, routes.settled, [...points.filter((_, i) => concerns(ordered[i]!, inPlay(ships, exposed), routes)), ...inPlay(ships, exposed).map(({ point }) => point)]));
  const { view, zoom, reset } = control;
  const [card, setCard] = useState<CardOf | null>(null);

  const place = (point: readonly [number, number]): Spot => ({ x: point[0] * view.k + view.x, y: point[1] * view.k + view.y });
  const passageSpots = points.map(place);
  const shipSpots = apart(ships.map(({ point }) => place(point)), passageSpots);
  const labels = labelsOf(ordered, passageSpots, ships, shipSpots, exposed, compact, box);
  const reach = (id: string, point: readonly [number, number]): Reach => ({
    onNear: () => setCard({ id, pinned: false }),
    onFar: () => setCard((before) => (before?.pinned ? before : null)),
    onFocused: () => {
      control.show(point);
      setCard((before) => (before?.id === id ? before : { id, pinned: false }));
    },
    onTouched: () => setCard({ id, pinned: true }),
  });

  const lit = card?.id;
  // Kept while the map is moved: only the group around them changes.
  const lanes = useMemo(() => <Lanes land={land} waters={waters} ships={ships} exposed={exposed} lit={lit} />, [land, waters, ships, exposed, lit]);
  const words = useMemo(() => wordsOf(data), [data]);
  return (
    <div ref={control.ref} className={css.frame} role="group" aria-label="World map" data-zoomed={view.k > 1} {...control.handlers} onKeyUp={(event) => event.key === 'Escape' && setCard(null)}>
      <svg className={css.picture} width={box.width} height={box.height} aria-hidden="true" focusable="false" onClick={() => setCard(null)}>
        <g transform={`translate(${view.x} ${view.y}) scale(${view.k})`}>
          {lanes}
        </g>
      </svg>
      {ordered.map(({ passage }, i) => (
        <PassageMark key={passage.id} passage={passage} spot={passageSpots[i]!} label={labels[i]!} words={words.get(passage.id) ?? ''} reach={reach(passage.id, points[i]!)} on={lit === passage.id} />
      ))}
      {ships.map(({ voyage, heading, point }, i) => (
        <ShipMark key={voyage.shipment.id} voyage={voyage} exposed={exposed.has(voyage)} spot={shipSpots[i]!} heading={heading} label={labels[ordered.length + i]!} words={words.get(voyage.shipment.id) ?? ''} reach={reach(voyage.shipment.id, point)} on={lit === voyage.shipment.id} />
      ))}
      <MapCard card={card} data={data} spotOf={(id) => spotOf(id, ordered, passageSpots, ships, shipSpots)} box={box} onClose={() => setCard(null)} />
      <Missing data={data} drawn={ships.length} />
      <Zoom near={() => zoom(NEARER)} far={() => zoom(FARTHER)} home={reset} moved={control.moved} keys={!compact} />
    </div>
  );
}

/** What each mark says to who cannot see it, by the id of its passage or shipment. */
const wordsOf = ({ passages, voyages, routes, now, nameOf }: MapData): ReadonlyMap<string, string> =>
  new Map([
    ...passages.map(({ passage }) => [passage.id, passageFacts(passage).join('. ')] as const),
    ...voyages.slice(0, MOST_SHIPS).map((voyage) => [voyage.shipment.id, voyageFacts(voyage, routes.usual(voyage), routes.around(voyage), now, nameOf).join('. ')] as const),
  ]);

interface Water {
  readonly id: string;
  readonly troubled: boolean;
  readonly path: string;
}

function Lanes({ land, waters, ships, exposed, lit }: { readonly land: string; readonly waters: readonly Water[]; readonly ships: readonly Drawn[]; readonly exposed: ReadonlySet<Voyage>; readonly lit: string | undefined }) {
  return (
    <>
      <path d={land} className={css.land} />
      {waters.map(({ id, troubled, path }) => (
        <path key={id} d={path} className={css.water} data-troubled={troubled} />
      ))}
      {ships
        .filter(({ voyage }) => exposed.has(voyage) || lit === voyage.shipment.id)
        .map(({ voyage, usual, ahead, around }) => (
          <g key={voyage.shipment.id} className={css.lanes} data-lit={lit === voyage.shipment.id} data-act={asksForAct(voyage)}>
            <path d={usual} className={css.behind} />
            <path d={ahead} className={css.ahead} />
            {around !== '' && <path d={around} className={css.around} />}
          </g>
        ))}
    </>
  );
}

const order = (passages: readonly PlacedPassage[]): readonly PlacedPassage[] => {
  const rank = new Map(byConcern(passages.map(({ passage }) => passage)).map(({ id }, i) => [id, i]));
  return [...passages].sort((a, b) => rank.get(a.passage.id)! - rank.get(b.passage.id)!);
};

/** What is looked at first: exposed ships, and where there are none, all. */
function inPlay(ships: readonly Drawn[], exposed: ReadonlySet<Voyage>): readonly Drawn[] {
  const some = ships.filter(({ voyage }) => exposed.has(voyage));
  return some.length > 0 ? some : ships;
}

/** Troubled, or on the way of a ship that is in play. */
const concerns = ({ passage }: PlacedPassage, ships: readonly Drawn[], routes: MapData['routes']): boolean =>
  passage.status !== 'NORMAL' ||
  ships.some(({ voyage }) => {
    const route = routes.usual(voyage);
    return route !== undefined && passagesAhead(voyage, route).some(({ id }) => id === passage.id);
  });

function spotOf(id: string, passages: readonly PlacedPassage[], passageSpots: readonly Spot[], ships: readonly Drawn[], shipSpots: readonly Spot[]): Spot | undefined {
  const passage = passages.findIndex((one) => one.passage.id === id);
  return passage >= 0 ? passageSpots[passage] : shipSpots[ships.findIndex(({ voyage }) => voyage.shipment.id === id)];
}

/** Held from when all is known: a map that slid along with each day played could not be read. */
function useHome(box: Box, compact: boolean, settled: boolean, points: readonly (readonly [number, number])[]): View {
  const held = useRef<{ box: Box; view: View } | null>(null);
  if (box.width >= WIDE && !compact) return WHOLE;
  if (held.current?.box !== box && settled) held.current = { box, view: fitted(points, box, 44, 3.5) };
  return held.current?.box === box ? held.current.view : WHOLE;
}

function drawShips(voyages: readonly Voyage[], routes: MapData['routes'], projection: ReturnType<typeof projectionFor>): readonly Drawn[] {
  return voyages.flatMap((voyage) => {
    const route = routes.usual(voyage);
    if (!route) return [];
    const { at, ahead } = along(route.path, voyage.sailed);
    const point = pixelsOf(projection, at);
    const around = routes.around(voyage);
    return [{ voyage, point, heading: voyage.phase === 'ahead' ? null : headingOf(projection, at, ahead, point), usual: linePath(projection, route.path), ahead: linePath(projection, [at, ...ahead]), around: around ? linePath(projection, detourPart(route.path, around.path)) : '' }];
  });
}

/** On the screen, in degrees from up. Nodes may lie within a pixel: the first that is some way off counts. */
function headingOf(projection: ReturnType<typeof projectionFor>, at: LonLat, ahead: readonly LonLat[], [x, y]: readonly [number, number]): number {
  for (const node of ahead) {
    const [nx, ny] = pixelsOf(projection, node);
    if (Math.hypot(nx - x, ny - y) > 2 && Math.abs(node[0] - at[0]) < 90) return (Math.atan2(nx - x, y - ny) * 180) / Math.PI;
  }
  return 90;
}

/** What is the matter is named first; then the quiet passages, where the frame has room for them. */
function labelsOf(passages: readonly PlacedPassage[], passageSpots: readonly Spot[], ships: readonly Drawn[], shipSpots: readonly Spot[], exposed: ReadonlySet<Voyage>, compact: boolean, box: Box) {
  const roomy = box.width >= WIDE && !compact;
  const wanted: (readonly [rank: number, label: Label] | null)[] = [
    ...passages.map(({ passage }, i) => {
      const troubled = passage.status !== 'NORMAL';
      if (!troubled && !roomy) return null;
      return [troubled ? 0 : 2, { spot: passageSpots[i]!, text: shortName(passage.name) + (troubled ? ` ${passageWord(passage).text}` : '') }] as const;
    }),
    ...ships.map(({ voyage }, i) => {
      const act = asksForAct(voyage);
      if (!act && !(roomy && exposed.has(voyage))) return null;
      return [act ? 1 : 3, { spot: shipSpots[i]!, text: voyage.shipment.reference + (act ? ` ${voyage.decision?.action ?? ''}` : '') }] as const;
    }),
  ];
  const turn = wanted.map((_, i) => i).sort((a, b) => (wanted[a]?.[0] ?? 9) - (wanted[b]?.[0] ?? 9) || a - b);
  const chosen = sides(turn.map((i) => wanted[i]?.[1] ?? null), [...passageSpots, ...shipSpots], box);
  const result = wanted.map(() => 'none' as (typeof chosen)[number]);
  for (const [at, i] of turn.entries()) result[i] = chosen[at]!;
  return result;
}

/** What is not on the map is said, over its corner so that nothing moves. */
function Missing({ data: { voyages, routes }, drawn }: { readonly data: MapData; readonly drawn: number }) {
  if (!routes.settled || drawn === voyages.length) return null;
  return (
    <p className={css.missing} role="status">
      {routes.failed > 0 ? (
        <>
          <Icon name="alert" size={14} /> {voyages.length - drawn} of {voyages.length} ships cannot be placed: the desk did not give their way. <button type="button" onClick={() => routes.retry()}>Try again</button>
        </>
      ) : (
        `The ${drawn} most pressing of ${voyages.length} ships`
      )}
    </p>
  );
}

function Zoom({ near, far, home, moved, keys }: { readonly near: () => void; readonly far: () => void; readonly home: () => void; readonly moved: boolean; readonly keys: boolean }) {
  return (
    <div className={css.zoom} role="group" aria-label="Zoom">
      {keys && <Keys near={near} far={far} home={home} />}
      <ActionIcon variant="default" size={32} onClick={near} aria-label="Nearer" title="Nearer (+)"><Icon name="plus" /></ActionIcon>
      <ActionIcon variant="default" size={32} onClick={far} aria-label="Farther" title="Farther (−)"><Icon name="none" /></ActionIcon>
      <ActionIcon variant="default" size={32} onClick={home} disabled={!moved} aria-label="As at first" title="As at first (0)"><Icon name="globe" /></ActionIcon>
    </div>
  );
}

function Keys({ near, far, home }: { readonly near: () => void; readonly far: () => void; readonly home: () => void }) {
  useShortcut('+', near);
  useShortcut('=', near);
  useShortcut('-', far);
  useShortcut('0', home);
  return null;
}
