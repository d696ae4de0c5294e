// "What needs a decision now?": decisions by deadline, the passage behind them, and what people have been told.
import { Link } from '@tanstack/react-router';
import { useQuery } from '@tanstack/react-query';
import { useMediaQuery } from '@mantine/hooks';
import { alertsQuery, chokepointsQuery, decisionsQuery } from '../../api/queries.ts';
import type { Alert, Chokepoint, DecisionSummary, DeskStatus } from '../../api/types.ts';
import { useList, useNow, usePolling, useStatus } from '../../api/use-desk.ts';
import { dollars, money } from '../../format/money.ts';
import { plural } from '../../format/number.ts';
import { timeLeft } from '../../format/time.ts';
import { Page, Panel } from '../../ui/panel.tsx';
import { AsOf } from '../../ui/source.tsx';
import { Block, Bones, Empty, Guard } from '../../ui/states.tsx';
import { AlertStrip } from './alert-strip.tsx';
import { Around } from './around.tsx';
import { DecisionHead, DecisionRow } from './decision-row.tsx';
import { byDeadline, byDistance, needsEyes } from './rank.ts';
import { PHONE, Watch } from './watch.tsx';
import css from './overview.module.css';

export default function Overview() {
  const status = useStatus();
  const now = useNow();
  const refetchInterval = usePolling();
  const decisions = useList<DecisionSummary>(decisionsQuery('active'));
  const chokepoints = useQuery({ ...chokepointsQuery, refetchInterval });
  const alerts = useList<Alert>(alertsQuery);
  const phone = useMediaQuery(PHONE, undefined, { getInitialValueInEffect: false }) ?? false;
  const clock = now ?? 0;
  return (
    <Page question="What needs a decision now?" name="Overview" answer={decisions.items && now !== null ? <Answer decisions={decisions.items} now={clock} /> : null} aside={phone ? undefined : <AsOf at={status.data?.as_of} />}>
      <div className={css.grid}>
        <div className={css.column}>
          <Panel title="Decisions by deadline" quietOnPhone aside={<Link to="/decisions" className="small">All decisions</Link>} flush className={css.decisions}>
            <Guard query={{ ...decisions, data: now === null ? undefined : decisions.items, error: decisions.error ?? status.error }} what="the decisions" loading={<Bones rows={phone ? 2 : 5} height={phone ? 118 : 80} />}>
              {(items) => <Decisions items={items} now={clock} phone={phone} />}
            </Guard>
          </Panel>
          <Around shown={decisions.items !== undefined} />
        </div>
        <div className={css.column}>
          <div className={css.watch}>
            <Guard query={{ ...chokepoints, data: both(chokepoints.data, status.data), error: chokepoints.error ?? status.error }} what="the chokepoints" loading={<Panel title="Chokepoint"><Block height={phone ? 162 : 362} /></Panel>}>
              {({ items, desk }) => <Watch chokepoints={items} status={desk} />}
            </Guard>
          </div>
          <Panel title="Alerts" aside={<Link to="/alerts" className="small">All alerts</Link>} flush className={css.alerts}>
            <Guard query={{ ...alerts, data: alerts.items }} what="the alerts" loading={<Bones rows={phone ? 2 : 4} height={phone ? 34 : 52} />}>
              {(items) =>
                items.length === 0 ? <Empty icon="bell" title="Nobody has been told anything yet.">An alert goes out with a decision that asks for action.</Empty> : <AlertStrip alerts={items} most={phone ? 2 : 4} />
              }
            </Guard>
          </Panel>
        </div>
      </div>
    </Page>
  );
}

const both = (items: readonly Chokepoint[] | undefined, desk: DeskStatus | undefined) => (items && desk ? { items, desk } : undefined);

const totalSaving = (decisions: readonly DecisionSummary[]): number => decisions.reduce((sum, { saving_usd }) => sum + (dollars(saving_usd) || 0), 0);

function Answer({ decisions, now }: { readonly decisions: readonly DecisionSummary[]; readonly now: number }) {
  const { act, rest } = byDeadline(decisions);
  const eyes = rest.filter(needsEyes).length;
  if (act.length === 0) return eyes === 0 ? <>Nothing.</> : <>Nothing to act on; <b>{eyes}</b> for a person to check</>;
  const next = act.find(({ deadline }) => deadline !== null && Date.parse(deadline) > now);
  return (
    <>
      <b>{plural(act.length, 'decision')}</b>, <b>{money(Math.round(totalSaving(act)))}</b> to save{next ? <>, next in <b className="nowrap">{timeLeft(next.deadline, now).text.replace(' left', '')}</b></> : null}{eyes > 0 && <>; {eyes} more to check</>}
    </>
  );
}

function Decisions({ items, now, phone }: { readonly items: readonly DecisionSummary[]; readonly now: number; readonly phone: boolean }) {
  const { act, rest } = byDeadline(items);
  const most = phone ? 2 : 6;
  const hidden = act.slice(most);
  // Where little or nothing asks for an act, the rest of the first screen shows what is watched, and how far it is from its break-even.
  const watched = byDistance(rest).slice(0, Math.max(0, most - act.length));
  const unseen = rest.length - watched.length;
  const foot = (hidden.length > 0 || unseen > 0) && (
    <p className={css.foot}>
      {hidden.length > 0 && (
        <Link to="/decisions">
          {hidden.length} more, {money(Math.round(totalSaving(hidden)))} to save
        </Link>
      )}
      {unseen > 0 && (
        <Link to="/decisions">
          {unseen} more {unseen === 1 ? 'proceeds' : 'proceed'} as planned
        </Link>
      )}
    </p>
  );
  if (items.length === 0) {
    return (
      <div className={css.nothing}>
        <Empty title="Nothing needs a decision now.">
          No shipment is on its way to a passage that anything speaks against. When that changes, the decision appears here, with its cost and deadline. <Link to="/chokepoints">What the desk watches</Link>
        </Empty>
      </div>
    );
  }
  const rows = (decisions: readonly DecisionSummary[]) => decisions.map((decision) => <DecisionRow key={decision.id} decision={decision} now={now} />);
  return (
    <>
      <DecisionHead />
      {act.length > 0 && <ul>{rows(act.slice(0, most))}</ul>}
      {watched.length > 0 && (
        <>
          <h3 className={css.watched}>Proceeding costs least{phone ? '' : ', nearest to break-even first'}; one can choose otherwise until the time {phone ? 'above' : 'on the left'}</h3>
          <ul>{rows(watched)}</ul>
        </>
      )}
      {foot}
    </>
  );
}
