/** The queue's metrics, by their names in `/metrics`. */
import type { Metrics } from '../metrics/types.ts';

export type Outcome = 'succeeded' | 'failed' | 'dead' | 'fenced';

export interface TaskDepth {
  readonly task: string;
  readonly waiting: number;
  readonly running: number;
  readonly dead: number;
  /** Of the oldest job that could run now, in seconds; 0 when none waits. */
  readonly oldestAgeSeconds: number;
}

export interface JobMetrics {
  ran(task: string, outcome: Outcome, seconds: number): void;
  startDelay(task: string, seconds: number): void;
  reaped(jobs: number): void;
  depths(depths: readonly TaskDepth[]): void;
}

export function jobMetrics(metrics: Metrics): JobMetrics {
  const runs = metrics.counter('job_runs_total', 'Runs of jobs by how they ended', ['task', 'outcome']);
  const duration = metrics.histogram('job_duration_seconds', 'Time that a run took', ['task'], [0.001, 0.005, 0.025, 0.1, 0.5, 1, 5, 30, 120]);
  const delay = metrics.histogram('job_start_delay_seconds', 'From the time a job was due to its start', ['task'], [0.002, 0.005, 0.025, 0.1, 0.5, 1, 5, 30, 120]);
  const reaped = metrics.counter('job_reaped_total', 'Jobs taken back from workers that died');
  const waiting = metrics.gauge('job_queue_depth', 'Jobs that wait, those due later included', ['task']);
  const running = metrics.gauge('job_running', 'Jobs held by a worker', ['task']);
  const dead = metrics.gauge('job_dead_letters', 'Jobs that have used up their tries', ['task']);
  const oldest = metrics.gauge('job_oldest_age_seconds', 'Age of the oldest job that is due and not running', ['task']);
  return {
    ran(task, outcome, seconds) {
      runs.inc({ task, outcome });
      duration.observe({ task }, seconds);
    },
    startDelay: (task, seconds) => delay.observe({ task }, seconds),
    reaped: (jobs) => reaped.inc(jobs),
    depths(depths) {
      for (const gauge of [waiting, running, dead, oldest]) gauge.reset();
      for (const d of depths) {
        waiting.set({ task: d.task }, d.waiting);
        running.set({ task: d.task }, d.running);
        dead.set({ task: d.task }, d.dead);
        oldest.set({ task: d.task }, d.oldestAgeSeconds);
      }
    },
  };
}
