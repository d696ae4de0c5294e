/** The kernel's own `Outbound` with breakers and gate in memory: one a test, so that no breaker carries over. */
import { createBreakers } from '../../../kernel/breakers/index.ts';
import { createGate } from '../../../kernel/gate/index.ts';
import { silentLogger } from '../../../kernel/logging/types.ts';
import { createMetrics } from '../../../kernel/metrics/index.ts';
import { createOutbound, type Outbound } from '../../../kernel/outbound/index.ts';
import { systemRandom } from '../../../kernel/random/random.ts';
import { TimerWheel } from '../../../kernel/timers/index.ts';
import { systemClock } from '../../../model/time.ts';

export function realOutbound(): Outbound {
  const [clock, logger, timers, metrics] = [systemClock, silentLogger, new TimerWheel(), createMetrics({ processDefaults: false })];
  return createOutbound({ clock, logger, metrics, timers, random: systemRandom, breakers: createBreakers({ clock, logger, metrics }), gate: createGate({ clock, logger, metrics, timers }) });
}
