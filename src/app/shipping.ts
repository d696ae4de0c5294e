/** What a scenario says of customers and shipments, in the words of the shipping stage. */
import type { ShippingData } from '../flow/shipping/index.ts';
import type { Scenario } from '../scenario/index.ts';

export function shippingOf(scenario: Scenario): ShippingData {
  return {
    customers: scenario.customers.map((c) => ({
      id: c.id,
      name: c.name,
      language: c.language,
      timezone: c.timezone,
      contacts: [{ channel: 'whatsapp', address: c.whatsapp }],
      quietHours: c.quietHours,
      minExposureMicros: c.minExposure,
      minProbability: c.minProbability,
      riskTolerance: 'balanced',
    })),
    shipments: scenario.shipments.map((s) => ({
      id: s.id,
      reference: s.reference,
      customerId: s.customerId,
      from: s.from,
      to: s.to,
      etd: s.etd,
      eta: s.eta,
      cargoValueMicros: s.cargoValue,
      containers: s.containers,
      containerType: s.containerType,
      goodsClass: s.goodsClass,
      carrier: s.carrier,
      vessel: s.vessel,
      bookingReference: s.bookingReference,
      // Whether it has sailed follows from its ETD and the desk's now.
      status: 'booked',
      penalty: { perDayMicros: s.penaltyPerDay, freeDays: s.penaltyFreeDays, capMicros: s.penaltyCap },
      knownAt: s.knownAt,
    })),
  };
}
