// The world at a glance, below what needs a decision: never before it, and only once that has its place.
import { Link } from '@tanstack/react-router';
import { lazy, Suspense } from 'react';
import { useMapData } from '../../map/use-map-data.ts';
import { Panel } from '../../ui/panel.tsx';
import { Guard } from '../../ui/states.tsx';
import css from './around.module.css';

const WorldMap = lazy(() => import('../../map/world-map.tsx'));

/** @param shown false while what stands above is still loading: the map would be pushed down by it */
export function Around({ shown }: { readonly shown: boolean }) {
  const query = useMapData();
  return (
    <Panel title="Where it is" aside={<Link to="/map" className="small">Whole map</Link>} flush className={`${css.panel} ${shown ? '' : css.waiting}`}>
      <Guard query={query} what="the map" loading={<div className={css.waits} />}>
        {(data) => (
          <Suspense fallback={<div className={css.waits} />}>
            <WorldMap data={data} compact />
          </Suspense>
        )}
      </Guard>
    </Panel>
  );
}
