// Every decision there is, with what became of it.
import { getRouteApi } from '@tanstack/react-router';
import { decisionsQuery } from '../../api/queries.ts';
import type { DecisionSummary } from '../../api/types.ts';
import { useList, useNow, useStatus } from '../../api/use-desk.ts';
import { plural } from '../../format/number.ts';
import { Choice, More } from '../../ui/list-frame.tsx';
import { Page, Panel } from '../../ui/panel.tsx';
import { Bones, Empty, Guard } from '../../ui/states.tsx';
import { DecisionHead, DecisionRow } from '../overview/decision-row.tsx';
import { byDeadline } from '../overview/rank.ts';

export const SHOWN = ['active', 'superseded', 'expired', 'all'] as const;
export type Shown = (typeof SHOWN)[number];
const WORDS: Readonly<Record<Shown, string>> = { active: 'Open', superseded: 'Superseded', expired: 'Expired', all: 'All' };

const route = getRouteApi('/decisions');

export default function Decisions() {
  const { show = 'active' } = route.useSearch();
  const navigate = route.useNavigate();
  const status = useStatus();
  const now = useNow();
  const list = useList<DecisionSummary>(decisionsQuery(show));
  return (
    <Page
      question="What has the desk decided, and what became of it?"
      name="Decisions"
      aside={<Choice label="Which decisions" value={show} options={SHOWN.map((one) => [one, WORDS[one]] as const)} onChange={(next) => void navigate({ search: { show: next } })} />}
    >
      <Panel title={list.items ? plural(list.items.length, 'decision') + (list.hasNextPage ? ' and more' : '') : 'Decisions'} flush>
        <Guard query={{ ...list, data: now === null ? undefined : list.items, error: list.error ?? status.error }} what="the decisions" loading={<Bones rows={8} height={74} />}>
          {(items) =>
            items.length === 0 ? (
              <Empty icon="scale" title={show === 'active' ? 'No decision is open.' : 'None of these yet.'}>
                {show === 'active' ? 'When a shipment’s cheapest course changes, its decision appears here. “All” shows earlier ones.' : 'They come as signals and observations move the desk’s mind.'}
              </Empty>
            ) : (
              <>
                <DecisionHead />
                <ul>
                  {inOrder(items, show).map((decision) => (
                    <DecisionRow key={decision.id} decision={decision} now={now ?? 0} showStatus />
                  ))}
                </ul>
              </>
            )
          }
        </Guard>
        <More list={list} shown={list.items?.length ?? 0} word="decisions" />
      </Panel>
    </Page>
  );
}

/** Open ones by deadline; history as the desk gives it, newest first. */
function inOrder(items: readonly DecisionSummary[], show: Shown): readonly DecisionSummary[] {
  if (show !== 'active') return items;
  const { act, rest } = byDeadline(items);
  return [...act, ...rest];
}
