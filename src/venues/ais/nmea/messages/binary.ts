/** Messages that carry another's data: types 6, 8 (with an application's code), 25, 26. The data is always kept as it came. */
import { readApplication } from '../applications/read-application.ts';
import type { BitReader } from '../bits.ts';

export type AddressedBinary = ReturnType<typeof addressedBinary>;
export type BroadcastBinary = ReturnType<typeof broadcastBinary>;
export type SingleSlotBinary = ReturnType<typeof singleSlotBinary>;
export type MultiSlotBinary = ReturnType<typeof multiSlotBinary>;

/** Type 6: to one station. */
export function addressedBinary(b: BitReader) {
  const dac = b.u(72, 10);
  const fid = b.u(82, 6);
  return {
    type: 6 as const,
    repeat: b.u(6, 2),
    mmsi: b.u(8, 30),
    sequence: b.u(38, 2),
    destinationMmsi: b.u(40, 30),
    retransmitted: b.flag(70),
    spare: b.u(71, 1),
    /** Designated area code: who defined the application. */
    dac,
    /** Function id: which of theirs. */
    fid,
    data: b.payload(88, b.bits),
    /** Null for an application, or a length of it, that is not read here. */
    content: readApplication(b, 6, dac, fid),
  };
}

/** Type 8: to all. */
export function broadcastBinary(b: BitReader) {
  const dac = b.u(40, 10);
  const fid = b.u(50, 6);
  return { type: 8 as const, repeat: b.u(6, 2), mmsi: b.u(8, 30), spare: b.u(38, 2), dac, fid, data: b.payload(56, b.bits), content: readApplication(b, 8, dac, fid) };
}

/** Type 25: one slot, with or without destination and application id. */
export function singleSlotBinary(b: BitReader) {
  const head = binaryHead(b);
  return { type: 25 as const, repeat: b.u(6, 2), mmsi: b.u(8, 30), addressed: head.addressed, structured: head.structured, destinationMmsi: head.destinationMmsi, applicationId: head.applicationId, data: b.payload(head.end, b.bits) };
}

/** Type 26: up to five slots, and a communication state of 20 bits (selector first) at the end. */
export function multiSlotBinary(b: BitReader) {
  const head = binaryHead(b);
  const end = Math.max(head.end, b.bits - 20);
  return { type: 26 as const, repeat: b.u(6, 2), mmsi: b.u(8, 30), addressed: head.addressed, structured: head.structured, destinationMmsi: head.destinationMmsi, applicationId: head.applicationId, data: b.payload(head.end, end), radio: b.u(end, 20) };
}

/** The two spare bits that M.1371-5 puts after the destination are not sent by the stations of the recorded vectors. */
function binaryHead(b: BitReader) {
  const addressed = b.flag(38);
  const structured = b.flag(39);
  const at = addressed ? 70 : 40;
  return { addressed, structured, destinationMmsi: addressed ? b.u(40, 30) : null, applicationId: structured ? b.u(at, 16) : null, end: structured ? at + 16 : at };
}
