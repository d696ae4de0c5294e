// What came of a decision, once the ship's time at its passages is over: whether they were closed to it, and what each policy came to.
import type { Outcome } from '../../api/outcome.ts';
import type { Decision } from '../../api/types.ts';
import { dollars, money } from '../../format/money.ts';
import { percent } from '../../format/number.ts';
import { instant } from '../../format/time.ts';
import { Panel } from '../../ui/panel.tsx';
import { usePassageName } from '../../api/use-desk.ts';
import { ACTION_WORDS, Toned, wordFor } from '../../ui/words.tsx';

/** The advice first; beside it what else could be done when it was given. */
const nameOfPolicy = (policy: string): string => (policy === 'chosen' ? 'As advised' : wordFor(ACTION_WORDS, policy).text);

export function DecisionOutcome({ decision }: { readonly decision: Decision }) {
  const nameOf = usePassageName();
  const o = decision.outcome;
  if (!o) return null;
  const costs = Object.entries(o.costs_usd ?? {}).sort(([, a], [, b]) => dollars(a) - dollars(b));
  return (
    <Panel title="What came of it">
      <p>
        <Toned tone={o.hit ? 'bad' : 'good'} icon={o.hit ? 'alert' : 'check'}>{o.hit ? 'Closed to this ship' : 'Open to this ship'}</Toned>
        {lasted(o)}
      </p>
      {o.levels !== null && (
        <p className="dim small">
          {o.levels.map(({ chokepoint, level }) => (level === null ? `${nameOf(chokepoint)}: not counted` : `${nameOf(chokepoint)}: ${percent(level)} of its usual traffic in the seven days around`)).join('; ')}.
        </p>
      )}
      {costs.length > 0 && (
        <ul>
          {costs.map(([policy, cost]) => (
            <li key={policy}>
              {nameOfPolicy(policy)}: <b>{money(cost)}</b>
            </li>
          ))}
        </ul>
      )}
      {o.action_taken !== null && <p>What was done: {wordFor(ACTION_WORDS, o.action_taken).text.toLowerCase()}{o.cost_usd === null ? '' : `, at ${money(o.cost_usd)}`}.</p>}
      {o.note !== null && <p>“{o.note}”</p>}
      <p className="dim small">
        {o.source === 'observed' ? 'Seen in the counts' : `Told by ${o.by ?? 'somebody'}`}, known {instant(o.known_at)}.{costs.length > 0 ? ' Costs stand at the medians of their coefficients.' : ''}
      </p>
    </Panel>
  );
}

function lasted(o: Outcome): string {
  if (!o.hit) return '.';
  if (o.closed_days === null) return '; it had not opened again when this became known.';
  return o.still_closed ? `, and ${inDays(o.closed_days)} later it still was.` : `, for ${inDays(o.closed_days)} more.`;
}

const inDays = (n: number): string => `${Math.round(n)} ${Math.round(n) === 1 ? 'day' : 'days'}`;
