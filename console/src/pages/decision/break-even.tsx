// The probability beside the one from which acting pays.
import type { Decision } from '../../api/types.ts';
import { percent, points } from '../../format/number.ts';
import { Panel } from '../../ui/panel.tsx';
import css from './break-even.module.css';

export function BreakEven({ decision: { probability: p, break_even: at, action } }: { readonly decision: Decision }) {
  const words =
    at === null
      ? `The chance that this shipment is hit is ${percent(p)}. No break-even: one course is cheapest whatever happens.`
      : `The chance that this shipment is hit is ${percent(p)}: ${points(p, at)} the ${percent(at)} from which it pays to ${action === 'proceed' || action === 'wait' ? 'act' : action}.`;
  return (
    <Panel title="Is it likely enough to act?">
      <p>{words}</p>
      <div className={css.scale} aria-hidden="true">
        <div className={css.track}>{at !== null && <span className={css.pays} style={{ left: `${at * 100}%` }} />}</div>
        {at !== null && <Label className={css.above} at={at} text={`pays from ${percent(at)}`} />}
        {at !== null && <span className={css.tick} style={{ left: `${at * 100}%` }} />}
        <span className={css.dot} style={{ left: `${p * 100}%` }} />
        <Label className={css.below} at={p} text={`chance ${percent(p)}`} strong />
        <span className={css.from}>0 %</span>
        <span className={css.to}>100 %</span>
      </div>
    </Panel>
  );
}

/** Stays inside at both ends: left of the middle it hangs to the right, and the other way round. */
function Label({ at, text, className, strong = false }: { readonly at: number; readonly text: string; readonly className: string | undefined; readonly strong?: boolean }) {
  const style = at < 0.12 ? { left: 0 } : at > 0.88 ? { right: 0 } : { left: `${at * 100}%`, transform: 'translateX(-50%)' };
  return (
    <span className={className} data-strong={strong} style={style}>
      {text}
    </span>
  );
}
