// One decision as a row: deadline, what to do, and what it is worth. The whole row leads to the decision.
import { Link } from '@tanstack/react-router';
import type { DecisionSummary } from '../../api/types.ts';
import { money, moneyRange, moneyShort } from '../../format/money.ts';
import { percent } from '../../format/number.ts';
import { instantShort, timeLeft } from '../../format/time.ts';
import { ACTION_WORDS, DECISION_WORDS, Says, Toned, URGENCY_WORDS, wordFor } from '../../ui/words.tsx';
import { Icon } from '../../ui/icons.tsx';
import { needsEyes } from './rank.ts';
import css from './decision-row.module.css';

/** @param now epoch ms, the desk's */
export function DecisionRow({ decision: d, now, showStatus = false }: { readonly decision: DecisionSummary; readonly now: number; readonly showStatus?: boolean }) {
  const left = timeLeft(d.deadline, now);
  const urgency = URGENCY_WORDS[left.urgency];
  return (
    <li className={css.row} data-urgency={showStatus && d.status !== 'active' ? 'none' : left.urgency}>
      <div className={css.due}>
        {showStatus && d.status !== 'active' ? (
          <Says word={wordFor(DECISION_WORDS, d.status)} />
        ) : (
          <>
            <Toned tone={urgency.tone} icon={urgency.icon}>{left.text}</Toned>
            {d.deadline !== null && (
              <time className={css.at} dateTime={d.deadline} title={d.deadline_reason}>
                {instantShort(d.deadline)}
              </time>
            )}
          </>
        )}
      </div>
      <div className={css.what}>
        <Link to="/decisions/$id" params={{ id: d.id }} className={css.headline} data-step>
          {d.headline}
        </Link>
        <p className={css.meta}>
          {needsEyes(d) && <span className={css.eyes} title={d.escalated ?? undefined}><Icon name="eye" size={13} /> person to check</span>}
          {!d.headline.startsWith(d.shipment_reference) && <span className="nowrap">{d.shipment_reference}</span>}
          <span className="nowrap">
            {d.route.from} → {d.route.to}
          </span>
          {d.vessel && <span className={css.wide}>{d.vessel}</span>}
          <span className={css.wide}>{d.customer_name}</span>
          <span className={css.oddsInline}>
            {percent(d.probability)}<span className={css.wide}> likely</span>{d.break_even !== null && `, pays from ${percent(d.break_even)}`}
          </span>
        </p>
      </div>
      <div className={css.action}>
        <Says word={wordFor(ACTION_WORDS, d.action)} pill />
        <span className={css.odds}>
          {percent(d.probability)} likely{d.break_even !== null && <><br />pays from {percent(d.break_even)}</>}
        </span>
      </div>
      <div className={css.cost}>
        <span>{money(d.expected_cost_usd)}</span>
        <span className={css.interval}>90 %: {moneyRange(d.interval_90_usd)}</span>
        <span className={css.tight}>
          90 %: {moneyShort(d.interval_90_usd[0])} to {moneyShort(d.interval_90_usd[1])}
        </span>
        <span className={css.against}>
          proceeding <span className={css.exact}>{money(d.expected_cost_of_proceeding_usd)}</span>
          <span className={css.tight}>{moneyShort(d.expected_cost_of_proceeding_usd)}</span>
        </span>
      </div>
      <div className={css.saving}>
        {d.action === 'proceed' ? (
          <span className={css.unit}>costs least</span>
        ) : (
          <>
            <span className={css.amount}>{money(d.saving_usd)}</span>
            <span className={css.unit}>saved</span>
          </>
        )}
      </div>
    </li>
  );
}

export function DecisionHead() {
  return (
    <div className={css.headRow} aria-hidden="true">
      <span>Deadline</span>
      <span>Decision</span>
      <span>Action, odds</span>
      <span className="num">Expected cost</span>
      <span className="num">Saving</span>
    </div>
  );
}
