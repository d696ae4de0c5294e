// Past crises walked day by day without looking ahead, and what each way to decide would have cost in them.
import { Button, NativeSelect } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { backtestsQuery, type BacktestStatus, type BacktestSummary } from '../../api/backtests.ts';
import { api } from '../../api/client.ts';
import { scenariosQuery } from '../../api/queries.ts';
import { money, moneyShort } from '../../format/money.ts';
import { count, decimal, plural } from '../../format/number.ts';
import { day, instant } from '../../format/time.ts';
import { act, tell } from '../../shell/sign-in-context.ts';
import { Page, Panel } from '../../ui/panel.tsx';
import { Bones, Empty, Guard } from '../../ui/states.tsx';
import { Says, wordFor, type Word } from '../../ui/words.tsx';
import css from './backtest.module.css';

const STATUS_WORDS: Readonly<Record<BacktestStatus, Word>> = {
  queued: { text: 'Waits its turn', icon: 'clock', tone: 'calm' },
  running: { text: 'Walking', icon: 'play', tone: 'accent' },
  done: { text: 'Done', icon: 'check', tone: 'good' },
  failed: { text: 'Failed', icon: 'cross', tone: 'bad' },
};

export default function Backtests() {
  const list = useQuery(backtestsQuery);
  return (
    <Page question="What would it have cost?" name="Backtests" answer="Recorded crises walked day by day: each figure is seen only from the day on which it was known.">
      <div className="stack">
        <Panel title="Backtests, newest first" flush>
          <Guard query={list} what="the backtests" loading={<Bones rows={3} height={96} onPhone={180} />}>
            {(items) =>
              items.length === 0 ? (
                <Empty icon="rewind" title="None has been walked on this desk yet.">
                  Choose a scenario below. It takes half a minute or less and touches nothing that is on this desk. In the terminal: <code>bellwether backtest hormuz-2026</code>.
                </Empty>
              ) : (
                <ul>
                  {items.map((one) => (
                    <Item key={one.id} one={one} />
                  ))}
                </ul>
              )
            }
          </Guard>
        </Panel>
        <Run />
      </div>
    </Page>
  );
}

function Run() {
  const scenarios = useQuery(scenariosQuery);
  const client = useQueryClient();
  const [chosen, setChosen] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const first = scenarios.data?.[0]?.name ?? '';
  const name = chosen ?? first;
  const about = scenarios.data?.find((one) => one.name === name);
  const run = async (): Promise<void> => {
    setBusy(true);
    const outcome = await act(() => api<BacktestSummary>('/api/v1/backtests', { method: 'POST', body: { scenario: name } }));
    setBusy(false);
    tell(outcome, outcome.kind === 'done' && outcome.value.status === 'done' ? 'That report is there already: the rules have not changed since.' : `${about?.title ?? name}: on its way.`);
    await client.invalidateQueries({ queryKey: ['backtests'] });
  };
  return (
    <Panel title="Walk a scenario">
      <div className={css.run}>
        <NativeSelect label="Scenario" value={name} disabled={busy || !scenarios.data} onChange={(event) => setChosen(event.currentTarget.value)} data={(scenarios.data ?? []).map((one) => ({ value: one.name, label: one.title }))} />
        <Button loading={busy} disabled={name === ''} onClick={() => void run()}>Walk it</Button>
        <p className="dim small">{about ? `${day(about.from)} to ${day(about.to)}. ${about.description}` : '\u00a0'}</p>
      </div>
    </Panel>
  );
}

function Item({ one }: { readonly one: BacktestSummary }) {
  const h = one.headline;
  return (
    <li className={css.item}>
      <div>
        <p className="row">
          {one.status === 'done' ? <Link to="/backtests/$id" params={{ id: one.id }} className="strong" data-step>{one.title}</Link> : <span className="strong">{one.title}</span>}
          {one.status !== 'done' && <Says word={wordFor(STATUS_WORDS, one.status)} pill />}
        </p>
        <p className="dim small">
          {day(one.from)} to {day(one.to)}, {plural(one.days, 'day')}. Asked for by {one.requested_by}, {instant(one.requested_at)}
        </p>
        {(one.status === 'running' || one.status === 'queued') && (
          <p className={css.walking} role="status">
            <progress max={one.days} value={one.days_done} aria-label={`Day ${one.days_done} of ${one.days}`} /> day {one.days_done} of {one.days}
          </p>
        )}
        {one.error && <p className={css.error}>{one.error.message} <code>{one.error.code}</code></p>}
      </div>
      {h && (
        <dl className={css.headline}>
          <div><dt>Our decisions</dt><dd title={money(h.ours_usd)}>{moneyShort(h.ours_usd)}</dd></div>
          <div><dt>Always proceed</dt><dd title={money(h.proceed_usd)}>{moneyShort(h.proceed_usd)}</dd></div>
          <div><dt>Always reroute</dt><dd title={money(h.reroute_usd)}>{moneyShort(h.reroute_usd)}</dd></div>
          <div><dt>Hindsight</dt><dd title={money(h.hindsight_usd)}>{moneyShort(h.hindsight_usd)}</dd></div>
          <div><dt>Alarms</dt><dd>{count(h.alarms)}<span className="dim small"> {h.false_alarms === 0 ? 'none false' : `${count(h.false_alarms)} false`}, {decimal(h.false_alarms_per_year)} a year</span></dd></div>
        </dl>
      )}
    </li>
  );
}
