/** A periodic task that does not overlap itself: a call during a run does nothing. `run` must not reject. */
export function oneAtATime(run: () => Promise<void>): () => void {
  let running = false;
  return () => {
    if (running) return;
    running = true;
    void run().finally(() => (running = false));
  };
}
