// The day being played, and the replay's buttons.
import { ActionIcon, Button, Modal, NativeSelect } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../api/client.ts';
import type { DeskStatus, ReplayState } from '../api/types.ts';
import { day, dayLong, dayShort } from '../format/time.ts';
import { Confirm } from '../ui/confirm.tsx';
import { Icon } from '../ui/icons.tsx';
import { act, tell } from './sign-in-context.ts';
import { useShortcut } from './shortcuts.tsx';
import css from './replay-bar.module.css';

type Command = { readonly action: 'play' | 'pause' | 'restart'; readonly seconds_per_day?: number };

const SPEEDS = [0.5, 1, 2, 5, 15, 60] as const;

export function ReplayBar({ status }: { readonly status: DeskStatus }) {
  const replay = status.replay;
  return replay ? <Bar replay={replay} /> : null;
}

function useReplay() {
  const client = useQueryClient();
  const [busy, setBusy] = useState(false);
  const command = async (body: Command, done: string): Promise<void> => {
    setBusy(true);
    const outcome = await act(() => api<ReplayState>('/api/v1/replay', { method: 'POST', body }));
    setBusy(false);
    tell(outcome, done);
    if (outcome.kind !== 'done') return;
    client.setQueryData<DeskStatus>(['status'], (before) => before && { ...before, as_of: outcome.value.sim_time, replay: outcome.value });
    if (body.action === 'restart') await client.invalidateQueries();
  };
  return { busy, command };
}

function Bar({ replay }: { readonly replay: ReplayState }) {
  const { busy, command } = useReplay();
  const [asked, setAsked] = useState<'restart' | 'live' | null>(null);
  const ended = replay.status === 'ended';
  const playing = replay.status === 'playing';
  const toggle = (): void => {
    if (ended) setAsked('restart');
    else if (playing) void command({ action: 'pause' }, 'Replay paused.');
    else void command({ action: 'play' }, 'Replay playing.');
  };
  useShortcut(' ', toggle);
  const speeds = [...new Set([...SPEEDS, replay.seconds_per_day])].sort((a, b) => a - b);
  const phone = useMediaQuery('(max-width: 799px)', undefined, { getInitialValueInEffect: false }) ?? false;
  const speed = (text: string): void =>
    void command({ action: playing ? 'play' : 'pause', seconds_per_day: Number(text) }, `A day now takes ${text} s.`);
  return (
    <section className={css.bar} aria-label="Replay">
      {ended ? (
        <Ended onAgain={() => setAsked('restart')} onLive={() => setAsked('live')} busy={busy} />
      ) : (
        <div className={css.buttons}>
          <ActionIcon size={34} color="harbor" loading={busy} onClick={toggle} aria-label={playing ? 'Pause the replay' : 'Play the replay'} title={`${playing ? 'Pause' : 'Play'} (Space)`}>
            <Icon name={playing ? 'pause' : 'play'} />
          </ActionIcon>
          <ActionIcon size={34} variant="default" disabled={busy} onClick={() => setAsked('restart')} aria-label="Play again from the first day" title="Play again from the first day">
            <Icon name="restart" />
          </ActionIcon>
          <NativeSelect className={css.speed} size="xs" aria-label="Pace: seconds for a day" value={String(replay.seconds_per_day)} disabled={busy} onChange={(event) => speed(event.currentTarget.value)} data={speeds.map((s) => ({ value: String(s), label: s === 0 ? (phone ? '0 s' : 'no pause') : phone ? `${s} s` : `${s} s/day` }))} />
        </div>
      )}
      <Where replay={replay} />
      <RestartDialog replay={replay} opened={asked === 'restart'} busy={busy} onClose={() => setAsked(null)} onDo={() => { setAsked(null); void command({ action: 'restart' }, `Playing again from ${day(replay.from)}.`); }} />
      <LiveDialog opened={asked === 'live'} onClose={() => setAsked(null)} />
    </section>
  );
}

function Where({ replay }: { readonly replay: ReplayState }) {
  const share = replay.days > 1 ? (replay.day - 1) / (replay.days - 1) : 1;
  const word = { playing: 'playing', paused: 'paused', ended: 'ended' }[replay.status];
  return (
    <>
      <p className={css.where} data-ended={replay.status === 'ended'}>
        <span className={css.scenario}>{replay.title}</span>
        <span className={css.day}>
          Day {replay.day} of {replay.days}
        </span>
        <time className={css.date} dateTime={replay.sim_time}>
          <span className={css.weekday}>{dayLong(replay.sim_time).slice(0, 4)}</span>
          {day(replay.sim_time)}
        </time>
        <span className={css.state} data-state={replay.status}>{word}</span>
      </p>
      <div className={css.progress}>
        <span className={css.end}>{dayShort(replay.from)}</span>
        <progress max={1} value={share} aria-label={`Day ${replay.day} of ${replay.days}`} />
        <span className={css.end}>{dayShort(replay.to)}</span>
      </div>
    </>
  );
}

function Ended({ onAgain, onLive, busy }: { readonly onAgain: () => void; readonly onLive: () => void; readonly busy: boolean }) {
  return (
    <div className={css.buttons}>
      <Button size="xs" loading={busy} onClick={onAgain} leftSection={<Icon name="restart" size={14} />}>
        Play again
      </Button>
      <Button size="xs" variant="default" onClick={onLive} leftSection={<Icon name="signal" size={14} />}>
        Go live
      </Button>
    </div>
  );
}

interface RestartProps {
  readonly replay: ReplayState;
  readonly opened: boolean;
  readonly busy: boolean;
  readonly onClose: () => void;
  readonly onDo: () => void;
}

function RestartDialog({ replay, opened, busy, onClose, onDo }: RestartProps) {
  return (
    <Confirm opened={opened} danger busy={busy} title={`Play again from ${day(replay.from)}?`} doIt="Forget this run and play again" onClose={onClose} onDo={onDo}>
      <p>
        The desk forgets the signals, decisions and alerts of this run, with what people acknowledged or overrode in it, and plays {replay.title} from its first day.
      </p>
      <p className="dim">The audit log keeps who asked for it. Links to decisions of this run will lead nowhere.</p>
    </Confirm>
  );
}

function LiveDialog({ opened, onClose }: { readonly opened: boolean; readonly onClose: () => void }) {
  return (
    <Modal opened={opened} onClose={onClose} title="Go live" size={480}>
      <div className={css.live}>
        <p>The replay has ended and stays on its last day. To watch the real world, stop Bellwether (Ctrl-C in its terminal) and start it with its real sources:</p>
        <pre tabIndex={0} aria-label="Command">npm start -- --live</pre>
        <p>Prediction markets, ship transits and freight rates need no key. WhatsApp does: until it has one, alerts are shown here and sent nowhere.</p>
        <p className="dim">A live desk keeps its own database; this replay stays where it is.</p>
        <Button variant="default" onClick={onClose}>
          Close
        </Button>
      </div>
    </Modal>
  );
}
