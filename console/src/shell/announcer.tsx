// Tells screen readers what came in: at most one sentence every few seconds, however fast the replay runs.
import { useEffect, useState } from 'react';
import { onLiveEvent } from '../api/live.ts';

const EVERY_MS = 4_000;

export function Announcer() {
  const [words, setWords] = useState('');
  useEffect(() => {
    let decisions = 0;
    let timer: number | undefined;
    const say = (): void => {
      timer = undefined;
      if (decisions > 0) setWords(decisions === 1 ? 'A new decision.' : `${decisions} new decisions.`);
      decisions = 0;
    };
    const forget = onLiveEvent((event) => {
      if (event.type !== 'decision.made') return;
      decisions += 1;
      timer ??= window.setTimeout(say, EVERY_MS);
    });
    return () => {
      forget();
      window.clearTimeout(timer);
    };
  }, []);
  return (
    <div className="visually-hidden" role="status">
      {words}
    </div>
  );
}
