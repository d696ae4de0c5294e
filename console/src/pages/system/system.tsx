// Whether the desk itself can be trusted: sources, parts, breakers.
import { useQuery } from '@tanstack/react-query';
import { breakersQuery, healthQuery } from '../../api/queries.ts';
import type { Breaker, Component, SourceState } from '../../api/types.ts';
import { useNow, useStatus } from '../../api/use-desk.ts';
import { count } from '../../format/number.ts';
import { ago, instant } from '../../format/time.ts';
import { TableFrame } from '../../ui/list-frame.tsx';
import { Page, Panel } from '../../ui/panel.tsx';
import { Bones, Empty, Guard } from '../../ui/states.tsx';
import { BREAKER_WORDS, HEALTH_WORDS, Says, Toned, wordFor } from '../../ui/words.tsx';
import css from '../tables.module.css';

export default function System() {
  const status = useStatus();
  const health = useQuery(healthQuery);
  const breakers = useQuery(breakersQuery);
  return (
    <Page question="Can the desk be trusted right now?" name="System" answer={health.data ? <Says word={wordFor(HEALTH_WORDS, health.data.status)} pill /> : null} aside={<span className="dim small">{health.data ? `Bellwether ${health.data.version}, checked ${instant(health.data.timestamp)}` : '\u00a0'}</span>}>
      <div className="stack">
        <Panel title="Sources" flush>
          <Guard query={status} what="the sources" loading={<Bones rows={4} height={39} onPhone={144} />}>
            {({ sources }) => <Sources sources={sources} />}
          </Guard>
        </Panel>
        <Panel title="Parts" flush>
          <Guard query={health} what="the desk’s health" loading={<Bones rows={8} height={39} onPhone={144} />}>
            {({ components }) => <Parts components={components} />}
          </Guard>
        </Panel>
        <Panel title="Breakers" flush>
          <Guard query={breakers} what="the breakers" loading={<Bones rows={4} height={39} onPhone={190} />}>
            {(all) => <Breakers breakers={all} />}
          </Guard>
        </Panel>
      </div>
    </Page>
  );
}

function Sources({ sources }: { readonly sources: readonly SourceState[] }) {
  const now = useNow();
  if (sources.length === 0) return <Empty icon="signal" title="No source is configured.">See the README for the keys, or start without --live to play recorded history.</Empty>;
  return (
    <TableFrame label="Sources">
      <table className={css.table}>
        <thead>
          <tr>
            <th scope="col">Source</th>
            <th scope="col">State</th>
            <th scope="col">Kind</th>
            <th scope="col">Last success</th>
            <th scope="col">Message</th>
          </tr>
        </thead>
        <tbody>
          {sources.map((source) => (
            <tr key={source.name}>
              <td className={`${css.main} strong`}>{source.name}</td>
              <td data-label="State"><Says word={wordFor(HEALTH_WORDS, source.status)} /></td>
              <td data-label="Kind">{source.kind === 'twin' ? <Toned tone="replay" icon="rewind">stand-in</Toned> : <Toned tone="good" icon="dot">real</Toned>}</td>
              <td data-label="Last success">{source.last_success_at === null ? <span className="dim">never</span> : <span title={now === null ? undefined : ago(source.last_success_at, now)}>{instant(source.last_success_at)}</span>}</td>
              <td data-label="Message">{source.message ?? <span className="dim">–</span>}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </TableFrame>
  );
}

function Parts({ components }: { readonly components: Readonly<Record<string, Component>> }) {
  return (
    <TableFrame label="Parts">
      <table className={css.table}>
        <thead>
          <tr>
            <th scope="col">Part</th>
            <th scope="col">State</th>
            <th scope="col" className="num">Latency</th>
            <th scope="col">Since</th>
            <th scope="col">Message</th>
          </tr>
        </thead>
        <tbody>
          {Object.entries(components).map(([name, part]) => (
            <tr key={name}>
              <td className={css.main}>
                <span className="strong">{name}</span> {part.critical && <span className="dim small">critical</span>}
              </td>
              <td data-label="State"><Says word={wordFor(HEALTH_WORDS, part.status)} /></td>
              <td data-label="Latency" className="num">{part.latency_ms < 10 ? part.latency_ms.toFixed(1) : count(part.latency_ms)} ms</td>
              <td data-label="Since">{part.since ? instant(part.since) : <span className="dim">–</span>}</td>
              <td data-label="Message">
                {part.message ?? <span className="dim">–</span>}
                {part.last_error && part.status !== 'healthy' && <div className="dim small">last error {instant(part.last_error.at)}: {part.last_error.message}</div>}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </TableFrame>
  );
}

const lastError = (breaker: Breaker): string | null => (typeof breaker.last_error === 'string' ? breaker.last_error : (breaker.last_error?.message ?? null));

function Breakers({ breakers }: { readonly breakers: Readonly<Record<string, Breaker>> }) {
  const names = Object.keys(breakers).sort();
  if (names.length === 0) return <Empty title="No call has left the desk yet.">A breaker appears with the first call to a source.</Empty>;
  return (
    <TableFrame label="Breakers">
      <table className={css.table}>
        <thead>
          <tr>
            <th scope="col">Breaker</th>
            <th scope="col">State</th>
            <th scope="col" className="num">Failures</th>
            <th scope="col" className="num">Calls</th>
            <th scope="col" className="num">Refused</th>
            <th scope="col">Last error</th>
          </tr>
        </thead>
        <tbody>
          {names.map((name) => {
            const breaker = breakers[name]!;
            return (
              <tr key={name}>
                <td className={`${css.main} strong`}>{name}</td>
                <td data-label="State">
                  <Says word={wordFor(BREAKER_WORDS, breaker.state)} />
                  {breaker.state !== 'closed' && breaker.next_attempt_at && <div className="dim small">next try {instant(breaker.next_attempt_at)}</div>}
                </td>
                <td data-label="Failures" className="num">{count(breaker.failures)}</td>
                <td data-label="Calls" className="num">{count(breaker.calls)}</td>
                <td data-label="Refused" className="num">{count(breaker.rejected)}</td>
                <td data-label="Last error">{lastError(breaker) ?? <span className="dim">–</span>}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </TableFrame>
  );
}
