/** From bits to a message: which reader each type has, and how many bits it needs at least. */
import type { BitReader } from './bits.ts';
import { addressedBinary, broadcastBinary, multiSlotBinary, singleSlotBinary, type AddressedBinary, type BroadcastBinary, type MultiSlotBinary, type SingleSlotBinary } from './messages/binary.ts';
import { aircraftPosition, classBPosition, longRangePosition, positionReport, type AircraftPosition, type ClassBPosition, type LongRangePosition, type PositionReport } from './messages/positions.ts';
import { assignmentCommand, baseStationReport, channelManagement, dataLinkManagement, gnssCorrections, groupAssignment, interrogation, type AssignmentCommand, type BaseStationReport, type ChannelManagement, type DataLinkManagement, type GnssCorrections, type GroupAssignment, type Interrogation } from './messages/stations.ts';
import { aidToNavigation, extendedClassB, staticPartA, staticPartB, staticVoyageData, type AidToNavigation, type ExtendedClassB, type StaticPartA, type StaticPartB, type StaticVoyageData } from './messages/statics.ts';
import { acknowledgement, addressedText, broadcastText, utcInquiry, type Acknowledgement, type AddressedText, type BroadcastText, type UtcInquiry } from './messages/texts.ts';

/** Told apart by `type`, type 24 by `part` as well. Fields in the units of their names, null where not available; `raw` as sent. */
export type AisMessage =
  | PositionReport | AircraftPosition | ClassBPosition | LongRangePosition
  | BaseStationReport | Interrogation | AssignmentCommand | GnssCorrections | DataLinkManagement | ChannelManagement | GroupAssignment
  | StaticVoyageData | ExtendedClassB | AidToNavigation | StaticPartA | StaticPartB
  | Acknowledgement | UtcInquiry | AddressedText | BroadcastText
  | AddressedBinary | BroadcastBinary | SingleSlotBinary | MultiSlotBinary;

/**
 * Bits below which a message of each type (the index) says too little: up to its last field of use. Spare bits at the end
 * may be missing, and are, in what real stations send. 0: no such type.
 */
const BITS_MIN: readonly number[] = [0, 149, 149, 149, 149, 422, 88, 72, 56, 168, 72, 149, 72, 72, 40, 88, 92, 80, 168, 306, 70, 271, 145, 154, 160, 40, 60, 94];

/** The message, null when it is shorter than its type needs, or of no type that there is (`type` 0 or above 27). */
export function readMessage(b: BitReader): AisMessage | null {
  const type = b.u(0, 6);
  const least = BITS_MIN[type];
  if (least === undefined || least === 0 || b.bits < least) return null;
  switch (type) {
    case 1:
    case 2:
    case 3:
      return positionReport(b, type);
    case 4:
    case 11:
      return baseStationReport(b, type);
    case 5:
      return staticVoyageData(b);
    case 18:
      return classBPosition(b);
    case 19:
      return extendedClassB(b);
    case 21:
      return aidToNavigation(b);
    case 24:
      return readPart(b);
    case 27:
      return longRangePosition(b);
    default:
      return readRare(b, type);
  }
}

function readPart(b: BitReader): AisMessage | null {
  const part = b.u(38, 2);
  if (part === 0) return staticPartA(b);
  return part === 1 ? staticPartB(b) : null;
}

function readRare(b: BitReader, type: number): AisMessage | null {
  switch (type) {
    case 6:
      return addressedBinary(b);
    case 7:
    case 13:
      return acknowledgement(b, type);
    case 8:
      return broadcastBinary(b);
    case 9:
      return aircraftPosition(b);
    case 10:
      return utcInquiry(b);
    case 12:
      return addressedText(b);
    case 14:
      return broadcastText(b);
    case 15:
      return interrogation(b);
    case 16:
      return assignmentCommand(b);
    case 17:
      return gnssCorrections(b);
    case 20:
      return dataLinkManagement(b);
    case 22:
      return channelManagement(b);
    case 23:
      return groupAssignment(b);
    case 25:
      return singleSlotBinary(b);
    case 26:
      return multiSlotBinary(b);
    default:
      return null;
  }
}
