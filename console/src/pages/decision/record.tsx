// Where a decision comes from: the causal chain with its evidence, its earlier versions, and the hash of everything that went in.
import { Link } from '@tanstack/react-router';
import { signalsQuery } from '../../api/queries.ts';
import type { Decision, Signal } from '../../api/types.ts';
import { useList } from '../../api/use-desk.ts';
import { money } from '../../format/money.ts';
import { percent } from '../../format/number.ts';
import { instant, instantShort } from '../../format/time.ts';
import { TableFrame } from '../../ui/list-frame.tsx';
import { Panel } from '../../ui/panel.tsx';
import { SourceLink } from '../../ui/source.tsx';
import { ACTION_WORDS, Says, wordFor } from '../../ui/words.tsx';
import css from './record.module.css';

export function CausalChain({ decision }: { readonly decision: Decision }) {
  const signals = useList<Signal>(signalsQuery);
  return (
    <Panel title="Why: from the world to this shipment">
      <ol className={css.chain}>
        {decision.causal_chain.map((link) => {
          const evidence = signals.items?.find(({ id }) => id === link.evidence_id)?.evidence[0];
          return (
            <li key={link.statement}>
              <p>
                {link.statement} {link.probability !== null && <b className="nowrap">{percent(link.probability)}</b>}
              </p>
              <p className="dim small">
                <SourceLink source={link.source} url={evidence?.url} />
                {evidence && <>, seen {instant(evidence.seen_at)}</>}
                {link.evidence_id !== null && !evidence && <>, evidence <code>{link.evidence_id}</code></>}
              </p>
            </li>
          );
        })}
      </ol>
    </Panel>
  );
}

export function DecisionHistory({ decision }: { readonly decision: Decision }) {
  return (
    <Panel title="How it came to this" flush>
      <TableFrame label="Earlier versions of this decision">
        <table className={css.history}>
          <thead>
            <tr>
              <th scope="col">Decided</th>
              <th scope="col">Action</th>
              <th scope="col" className="num">Chance</th>
              <th scope="col" className="num">Pays from</th>
              <th scope="col" className="num">Expected cost</th>
            </tr>
          </thead>
          <tbody>
            {decision.history.map((version) => (
              <tr key={version.id}>
                <td className="nowrap">
                  {version.id === decision.id ? `${instantShort(version.as_of)} (this)` : <Link to="/decisions/$id" params={{ id: version.id }}>{instantShort(version.as_of)}</Link>}
                </td>
                <td><Says word={wordFor(ACTION_WORDS, version.action)} /></td>
                <td className="num">{percent(version.probability)}</td>
                <td className="num">{percent(version.break_even)}</td>
                <td className="num">{money(version.expected_cost_usd)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </TableFrame>
      {decision.history.length === 0 && <p className={css.none}>This is the first version.</p>}
    </Panel>
  );
}

export function Provenance({ decision }: { readonly decision: Decision }) {
  return (
    <Panel title="Can it be checked?">
      <p>
        Rules <code>{decision.rule_version}</code> over inputs <code className={css.hash}>{decision.inputs_hash}</code> give this decision again, to the byte.
      </p>
      <details className={css.inputs}>
        <summary>{decision.inputs.length} inputs</summary>
        <ul>
          {decision.inputs.map((input) => (
            <li key={`${input.kind} ${input.id}`}>
              {input.kind} <code>{input.id}</code> <code className="dim">{input.hash}</code>
            </li>
          ))}
        </ul>
      </details>
    </Panel>
  );
}
