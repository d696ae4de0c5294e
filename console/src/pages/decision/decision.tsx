// One decision: what it asks, what it costs against the others, why, how sure, and the buttons that answer it.
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { decisionQuery } from '../../api/queries.ts';
import type { Decision } from '../../api/types.ts';
import { useNow, usePassageName, usePolling, useStatus } from '../../api/use-desk.ts';
import { dollars, money, moneyRange } from '../../format/money.ts';
import { percent } from '../../format/number.ts';
import { instant, timeLeft } from '../../format/time.ts';
import { Page } from '../../ui/panel.tsx';
import { AsOf, Source } from '../../ui/source.tsx';
import { Block, Guard } from '../../ui/states.tsx';
import { ACTION_WORDS, DECISION_WORDS, Says, SEVERITY_WORDS, Toned, URGENCY_WORDS, wordFor } from '../../ui/words.tsx';
import { ActButtons } from './act.tsx';
import { BreakEven } from './break-even.tsx';
import { DecisionOutcome } from './outcome.tsx';
import { CostBars } from './cost-bars.tsx';
import { InactionCurve } from './inaction.tsx';
import { PlainWords } from './plain-words.tsx';
import { CausalChain, DecisionHistory, Provenance } from './record.tsx';
import css from './decision.module.css';

const QUESTION = 'What should be done, and why?';

export default function DecisionPage() {
  const { id } = useParams({ strict: false });
  const status = useStatus();
  const now = useNow();
  const refetchInterval = usePolling();
  const query = useQuery({ ...decisionQuery(id ?? ''), refetchInterval });
  return (
    <Page question={QUESTION} name={query.data ? `${query.data.shipment_reference}: ${query.data.action}` : 'Decision'} aside={<AsOf at={query.data?.as_of} />}>
      <Guard query={{ ...query, data: now === null ? undefined : query.data, error: query.error ?? status.error }} what="this decision" loading={<Loading />}>
        {(decision) => <Sheet decision={decision} now={now ?? 0} />}
      </Guard>
    </Page>
  );
}

function Loading() {
  return (
    <div className={css.loading}>
      <Block height={150} />
      <div className={css.columns}>
        <Block height={460} />
        <Block height={460} />
      </div>
    </div>
  );
}

function Sheet({ decision, now }: { readonly decision: Decision; readonly now: number }) {
  return (
    <div className="stack">
      <Head decision={decision} now={now} />
      <div className={css.columns}>
        <div className="stack">
          <PlainWords decision={decision} />
          <CausalChain decision={decision} />
        </div>
        <div className="stack">
          <DecisionOutcome decision={decision} />
          <CostBars decision={decision} />
          <BreakEven decision={decision} />
          <InactionCurve decision={decision} />
          <DecisionHistory decision={decision} />
          <Provenance decision={decision} />
        </div>
      </div>
    </div>
  );
}

function Head({ decision: d, now }: { readonly decision: Decision; readonly now: number }) {
  const nameOf = usePassageName();
  const left = timeLeft(d.deadline, now);
  const urgency = URGENCY_WORDS[left.urgency];
  return (
    <section className={css.head} aria-label="The decision">
      <div className={css.sentence}>
        <p className={css.words}>
          <Says word={wordFor(DECISION_WORDS, d.status)} pill />
          <Says word={wordFor(ACTION_WORDS, d.action)} pill />
          <Says word={{ ...wordFor(SEVERITY_WORDS, d.severity), text: `${wordFor(SEVERITY_WORDS, d.severity).text} severity` }} />
          {d.escalated !== null && <span className={css.escalated}><Toned tone="bad" icon="up">Escalated: {d.escalated}</Toned></span>}
        </p>
        <h2 className={css.headline}>{d.headline}</h2>
        <p className="dim">
          <Link to="/shipments" hash={d.shipment_id}>{d.shipment_reference}</Link> for {d.customer_name}: {d.route.from} → {d.route.to}
          {d.vessel ? ` on ${d.vessel}` : ''}, by way of <Link to="/chokepoints/$id" params={{ id: d.chokepoint }}>{nameOf(d.chokepoint)}</Link>
        </p>
      </div>
      <dl className={css.figures}>
        <div>
          <dt>Deadline</dt>
          <dd>
            {d.status === 'active' ? <Toned tone={urgency.tone} icon={urgency.icon}>{left.text}</Toned> : <span>{left.text}</span>}
            <span className={css.note}>
              {d.deadline === null ? d.deadline_reason : <><time dateTime={d.deadline}>{instant(d.deadline)}</time><br />{d.deadline_reason}</>}
            </span>
          </dd>
        </div>
        <Worth decision={d} />
        <div>
          <dt>Exposure <Source of="these figures" facts={[['Decided', instant(d.as_of)], ['Rules', d.rule_version], ['Inputs', <code key="h">{d.inputs_hash}</code>]]} /></dt>
          <dd>
            <span>{money(d.exposure_usd)}</span>
            <span className={css.note}>confidence in the data {percent(d.confidence)}</span>
          </dd>
        </div>
      </dl>
      <ActButtons decision={d} />
    </section>
  );
}

/** What the advice is worth; where it is to proceed nothing is saved, and what counts is what that costs and what the next course would. */
function Worth({ decision: d }: { readonly decision: Decision }) {
  const interval = <>90 % interval of the cost: {moneyRange(d.interval_90_usd)}</>;
  if (d.action !== 'proceed') {
    return (
      <div>
        <dt>Saving against proceeding</dt>
        <dd>
          <span className={css.big}>{money(d.saving_usd)}</span>
          <span className={css.note}>
            {money(d.expected_cost_usd)} against {money(d.expected_cost_of_proceeding_usd)}
            <br />{interval}
          </span>
        </dd>
      </div>
    );
  }
  const [next] = d.options.filter(({ action, feasible }) => feasible && action !== 'proceed').sort((a, b) => dollars(a.expected_cost_usd) - dollars(b.expected_cost_usd));
  return (
    <div>
      <dt>Expected cost of proceeding</dt>
      <dd>
        <span className={css.least}>{money(d.expected_cost_usd)}</span>
        <span className={css.note}>
          {next ? `least; next is to ${wordFor(ACTION_WORDS, next.action).text.toLowerCase()}, ${money(next.expected_cost_usd)}` : 'no other course is open'}
          <br />{interval}
        </span>
      </dd>
    </div>
  );
}
