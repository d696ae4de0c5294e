// What the world says will happen: what is used, and what was refused and by which rule.
import { getRouteApi, Link } from '@tanstack/react-router';
import { signalsQuery } from '../../api/queries.ts';
import type { Signal } from '../../api/types.ts';
import { useList, usePassageName } from '../../api/use-desk.ts';
import { percent, plural } from '../../format/number.ts';
import { day, instant, instantShort } from '../../format/time.ts';
import { Choice, More, TableFrame } from '../../ui/list-frame.tsx';
import { Page, Panel } from '../../ui/panel.tsx';
import { Source, SourceLink } from '../../ui/source.tsx';
import { Bones, Empty, Guard } from '../../ui/states.tsx';
import { Says, SIGNAL_WORDS, Toned, wordFor } from '../../ui/words.tsx';
import css from '../tables.module.css';

export const SHOWN = ['all', 'live', 'rejected', 'expired'] as const;
export type Shown = (typeof SHOWN)[number];
const WORDS: Readonly<Record<Shown, string>> = { all: 'All', live: 'Live', rejected: 'Rejected', expired: 'Expired' };
const route = getRouteApi('/signals');

/** The desk's rules of validation in words. */
const REFUSALS: Readonly<Record<string, string>> = {
  irrelevant: 'about nothing that the desk follows',
  ambiguous: 'which way a yes points cannot be told',
  closed: 'no longer trades',
  certain: 'a price of 0 or 1 is an outcome',
  'no-horizon': 'has no end date',
  'horizon-past': 'has ended',
  'horizon-before-price': 'priced after it had ended',
  'thin-market': 'too little money rests in the book',
  stale: 'had expired when it came',
};

export default function Signals() {
  const { show = 'all' } = route.useSearch();
  const navigate = route.useNavigate();
  const list = useList<Signal>(signalsQuery);
  const items = list.items;
  const live = items?.filter(({ status }) => status === 'live').length ?? 0;
  const rejected = items?.filter(({ status }) => status === 'rejected').length ?? 0;
  return (
    <Page
      question="What does the world say will happen?"
      name="Signals"
      answer={items ? <>{plural(live, 'live signal')}, {rejected} rejected{list.hasNextPage ? ', among the newest' : ''}</> : null}
      aside={<Choice label="Which signals" value={show} options={SHOWN.map((one) => [one, WORDS[one]] as const)} onChange={(next) => void navigate({ search: { show: next } })} />}
    >
      <Panel title={show === 'rejected' ? 'Refused, and why' : 'Signals'} flush>
        <Guard query={{ ...list, data: items }} what="the signals" loading={<Bones rows={8} height={58} onPhone={248} />}>
          {(all) => {
            const shown = all.filter(({ status }) => show === 'all' || status === show);
            return shown.length === 0 ? (
              <Empty icon="signal" title="No such signal.">Signals come with the next sweep of the sources. If none ever comes, look at <Link to="/system">the sources’ health</Link>.</Empty>
            ) : (
              <Table signals={shown} />
            );
          }}
        </Guard>
        <More list={list} shown={items?.length ?? 0} word="signals" />
      </Panel>
    </Page>
  );
}

function Table({ signals }: { readonly signals: readonly Signal[] }) {
  const nameOf = usePassageName();
  return (
    <TableFrame label="Signals">
      <table className={css.table}>
        <thead>
          <tr>
            <th scope="col">State</th>
            <th scope="col">Claim</th>
            <th scope="col">About</th>
            <th scope="col" className="num">Probability</th>
            <th scope="col" className="num">Confidence</th>
            <th scope="col">Known</th>
            <th scope="col"><span className="visually-hidden">Source</span></th>
          </tr>
        </thead>
        <tbody>
          {signals.map((signal) => (
            <tr key={signal.id}>
              <td data-label="State">
                <Says word={wordFor(SIGNAL_WORDS, signal.status)} />
              </td>
              <td data-label="Claim" className={css.main}>
                <span className="strong">{signal.claim}</span>
                {signal.rejected_by !== null && <div className={css.why}>Refused: {REFUSALS[signal.rejected_by] ?? signal.rejected_by.replaceAll('_', ' ')}</div>}
                {signal.confidence_reasons.length > 0 && <div className="dim small">{signal.confidence_reasons.join('; ')}</div>}
              </td>
              <td data-label="About">
                {signal.subject === null && <span className="dim">nothing that is followed</span>}
                {signal.subject?.type === 'chokepoint' && <Link to="/chokepoints/$id" params={{ id: signal.subject.id }}>{nameOf(signal.subject.id)}</Link>}
                {signal.subject !== null && signal.subject.type !== 'chokepoint' && <>{signal.subject.type} {signal.subject.id}</>}
                {signal.polarity !== null && (
                  <div className="small">
                    <Toned tone="calm" icon={signal.polarity === 'raises' ? 'up' : 'down'}>{signal.polarity} risk</Toned>
                  </div>
                )}
              </td>
              <td data-label="Probability" className="num">
                {signal.probability === null ? <span className="dim">report</span> : <b>{percent(signal.probability)}</b>}
                {signal.horizon_end !== null && <div className="dim small">by {day(signal.horizon_end)}</div>}
                {signal.kind === 'report' && signal.corroboration.outlets > 1 && <div className="dim small">{plural(signal.corroboration.outlets, 'outlet')}</div>}
              </td>
              <td data-label="Confidence" className="num">{percent(signal.confidence)}</td>
              <td data-label="Known" className="nowrap">{instantShort(signal.known_at)}</td>
              <td>
                <SignalSource signal={signal} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </TableFrame>
  );
}

function SignalSource({ signal }: { readonly signal: Signal }) {
  return (
    <Source
      of={`the signal “${signal.claim}”`}
      facts={[
        ['Observed', instant(signal.observed_at)],
        ['Known', instant(signal.known_at)],
        ...signal.evidence.flatMap((evidence) => [
          ['Source', <SourceLink key={evidence.url} source={evidence.source} url={evidence.url} />] as const,
          ['Seen', instant(evidence.seen_at)] as const,
          ['Hash', <code key={evidence.hash}>{evidence.hash}</code>] as const,
        ]),
        ['Signal', <code key="id">{signal.id}</code>],
      ]}
    />
  );
}
