import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { ChokepointId } from '../../model/place.ts';
import { DAY_MS, type Millis } from '../../model/time.ts';
import type { SeaRoute, Shipment } from '../shipping/index.ts';
import { at, closedHormuz, gulfRoutes, gulfShipment, strikeRisk } from './test-support/hormuz.ts';
import { closedProbability, combined, eventWithin, medianDraw, prepareRisk, type PreparedRisk, type RiskDraw } from './hit-probability.ts';
import { exposureOf, riskWindow } from './exposure.ts';
import { interval } from './interval.ts';
import type { EventRisk, ForecastBasis } from './inputs.ts';

const close = (a: number, b: number, within: number): void => assert.ok(Math.abs(a - b) <= within, `${a} is not within ${within} of ${b}`);
const FEB14 = at('2026-02-14T00:00');
const forecast = (): ForecastBasis => strikeRisk().basis as ForecastBasis;

test('the closed form is the integral over when the event comes and whether the closing still lasts', () => {
  const rate = fc.double({ min: 1e-4, max: 0.5, noNaN: true });
  const days = fc.double({ min: 0.1, max: 120, noNaN: true });
  fc.assert(
    fc.property(rate, days, days, days, fc.double({ min: 0, max: 5, noNaN: true }), (hazardPerDay, inDays, horizonDays, durationDays, delayDays) => {
      const p: PreparedRisk = { ...prepareRisk(strikeRisk(), FEB14)!, hazardPerDay, horizonDays, delays: [delayDays] };
      const d: RiskDraw = { harm: 0.6, durationDays, trafficLost: 0, jumped: 0 };
      let sum = 0;
      const until = Math.min(inDays - delayDays, horizonDays);
      const n = until > 0 ? 4_000 : 0;
      for (let i = 0; i < n; i++) {
        const s = ((i + 0.5) / n) * until;
        sum += (hazardPerDay * Math.exp(-hazardPerDay * s) * Math.exp(-(inDays - delayDays - s) / durationDays) * until) / n;
      }
      close(closedProbability(p, d, inDays), 0.6 * sum, 1e-4 + 0.01 * sum);
    }),
    { numRuns: 60 },
  );
});

test('belief has its mean: with the event by then or without it, it is what is believed now', () => {
  const p = prepareRisk(strikeRisk(), FEB14)!;
  const d = medianDraw(p.risk);
  for (const elapsed of [1, 5, 10]) {
    const now = closedProbability(p, d, 13.56);
    const quiet = closedProbability(p, d, 13.56, elapsed);
    assert.ok(quiet < now, 'no news is good news');
    const happens = eventWithin(p, elapsed);
    const after = (now - (1 - happens) * quiet) / happens;
    assert.ok(after > now && after <= d.harm, `${after}`);
  }
});

test('an earlier horizon at the same price is a higher hazard, and what is not priced is not presumed', () => {
  const one = (days: number): PreparedRisk =>
    prepareRisk(strikeRisk({ basis: { ...forecast(), claims: [{ evidenceId: 'a', probability: 0.3, observedAt: FEB14, horizonEnd: FEB14 + days * DAY_MS, weight: 1 }] } }), FEB14)!;
  assert.ok(one(14).hazardPerDay > one(130).hazardPerDay);
  close(eventWithin(one(14), 500), 0.3, 1e-12);
});

test('a claim that is told twice, in another order, or has expired, changes nothing', () => {
  const basis = forecast();
  const old = { evidenceId: 'old', probability: 0.9, observedAt: FEB14 - 20 * DAY_MS, horizonEnd: FEB14 - DAY_MS, weight: 5 };
  const twice = strikeRisk({ basis: { ...basis, claims: [...basis.claims.toReversed(), ...basis.claims, old] } });
  const a = prepareRisk(strikeRisk(), FEB14)!;
  const b = prepareRisk(twice, FEB14)!;
  assert.deepEqual({ ...b, risk: null }, { ...a, risk: null });
  assert.equal(prepareRisk(strikeRisk({ basis: { ...basis, claims: [old] } }), FEB14), null);
});

test('what is closed now opens with time', () => {
  const p = prepareRisk(closedHormuz(), at('2026-03-08T00:00'))!;
  const d = medianDraw(p.risk);
  close(closedProbability(p, d, 0), 0.95, 1e-12);
  close(closedProbability(p, d, 40), 0.95 / Math.E, 1e-12);
});

test('several risks lie between the likeliest and their independent union', () => {
  close(combined([0.2, 0.1], 1), 0.2, 1e-12);
  close(combined([0.2, 0.1], 0), 0.28, 1e-12);
  assert.equal(combined([], 0.5), 0);
  assert.equal(combined([0.3, 0.1, 0.2], 0.85), combined([0.1, 0.2, 0.3], 0.85));
});

const exposed = (s: Shipment, route: SeaRoute, chokepoint: ChokepointId, risks: readonly EventRisk[], asOf: Millis) =>
  exposureOf(s, route, chokepoint, risks.flatMap((r) => riskWindow(r, asOf) ?? []), asOf);

test('a shipment is exposed while its passage lies ahead and inside the window', () => {
  const risks = [strikeRisk()];
  const whole = exposed(gulfShipment(), gulfRoutes.usual, 'hormuz', risks, FEB14);
  assert.equal(whole?.valueMicros, 6_000_000_000_000n);
  assert.equal(exposed(gulfShipment(), gulfRoutes.usual, 'suez', risks, FEB14), null);
  assert.equal(exposed(gulfShipment(), gulfRoutes.usual, 'hormuz', risks, at('2026-02-27T20:00')), null, 'gone through');
  assert.equal(exposed(gulfShipment({ status: 'cancelled' }), gulfRoutes.usual, 'hormuz', risks, FEB14), null);
  const short = strikeRisk({ durationDays: interval(1, 1, 1), basis: { ...forecast(), claims: [{ evidenceId: 'a', probability: 0.5, observedAt: FEB14, horizonEnd: FEB14 + DAY_MS, weight: 1 }] } });
  assert.equal(exposed(gulfShipment(), gulfRoutes.usual, 'hormuz', [short], FEB14), null, 'over before the ship comes');
});
