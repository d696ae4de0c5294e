// The code of a sign-in link, `#sign-in=CODE`. It is removed from the address bar and the history before anything else
// runs: main.tsx imports this module first. Not here: redeeming it (shell/entry.ts).
import { linkCodeOf } from './session-rules.ts';

let waiting: string | null = null;
let notify: (code: string) => void = (code) => {
  waiting = code;
};

function take(): void {
  const code = linkCodeOf(location.hash);
  if (code === null) return;
  history.replaceState(history.state, '', location.pathname + location.search);
  notify(code);
}

take();
// A link that is opened in a tab of the console changes the fragment alone: the page is not loaded again.
window.addEventListener('popstate', take);

/** Gives each code to the listener once: the one of the page's own address, and those that follow. */
export function onLinkCode(listener: (code: string) => void): void {
  notify = listener;
  const code = waiting;
  waiting = null;
  if (code !== null) listener(code);
}
