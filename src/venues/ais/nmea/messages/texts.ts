/** Acknowledgements, inquiries and texts: types 7, 10, 12, 13, 14. */
import type { BitReader } from '../bits.ts';

export type Acknowledgement = ReturnType<typeof acknowledgement>;
export type UtcInquiry = ReturnType<typeof utcInquiry>;
export type AddressedText = ReturnType<typeof addressedText>;
export type BroadcastText = ReturnType<typeof broadcastText>;

/** Type 7 (of a binary message) and 13 (of a text): up to four at once; 0 is "none". */
export function acknowledgement(b: BitReader, type: 7 | 13) {
  return {
    type,
    repeat: b.u(6, 2),
    mmsi: b.u(8, 30),
    spare: b.u(38, 2),
    mmsi1: b.u(40, 30),
    sequence1: b.u(70, 2),
    mmsi2: b.u(72, 30),
    sequence2: b.u(102, 2),
    mmsi3: b.u(104, 30),
    sequence3: b.u(134, 2),
    mmsi4: b.u(136, 30),
    sequence4: b.u(166, 2),
  };
}

/** Type 10. */
export function utcInquiry(b: BitReader) {
  return { type: 10 as const, repeat: b.u(6, 2), mmsi: b.u(8, 30), spare: b.u(38, 2), destinationMmsi: b.u(40, 30), spare2: b.u(70, 2) };
}

/** Type 12: safety text to one station. */
export function addressedText(b: BitReader) {
  return { type: 12 as const, repeat: b.u(6, 2), mmsi: b.u(8, 30), sequence: b.u(38, 2), destinationMmsi: b.u(40, 30), retransmitted: b.flag(70), spare: b.u(71, 1), text: b.text(72, b.bits - 72) };
}

/** Type 14: safety text to all. */
export function broadcastText(b: BitReader) {
  return { type: 14 as const, repeat: b.u(6, 2), mmsi: b.u(8, 30), spare: b.u(38, 2), text: b.text(40, b.bits - 40) };
}
