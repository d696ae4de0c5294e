/** The communication state at the end of a message: how its station keeps its slots (ITU-R M.1371-5, annex 2, 3.3.7). */

export type CommunicationState =
  | { readonly kind: 'sotdma'; readonly syncState: number; readonly slotTimeout: number; readonly stations?: number; readonly slotNumber?: number; readonly utcHour?: number; readonly utcMinute?: number; readonly slotOffset?: number }
  | { readonly kind: 'itdma'; readonly syncState: number; readonly slotIncrement: number; readonly slotsToAllocate: number; readonly keepFlag: boolean };

/**
 * @param type of the message: 1, 2, 4 and 11 keep slots by SOTDMA, 3 by ITDMA; 9, 18 and 26 say which in a bit before it
 * @param radio as decoded: 19 bits, 20 with the bit before it
 */
export function communicationState(type: number, radio: number): CommunicationState {
  const selected = type === 9 || type === 18 || type === 26;
  const syncState = (radio >>> 17) & 3;
  if (type === 3 || (selected && (radio >>> 19) & 1)) return { kind: 'itdma', syncState, slotIncrement: (radio >>> 4) & 0x1fff, slotsToAllocate: (radio >>> 1) & 7, keepFlag: (radio & 1) === 1 };
  const slotTimeout = (radio >>> 14) & 7;
  const rest = radio & 0x3fff;
  const base = { kind: 'sotdma' as const, syncState, slotTimeout };
  switch (slotTimeout) {
    case 0:
      return { ...base, slotOffset: rest };
    case 1:
      return { ...base, utcHour: rest >>> 9, utcMinute: (rest >>> 2) & 0x7f };
    case 2:
    case 4:
    case 6:
      return { ...base, slotNumber: rest };
    default:
      return { ...base, stations: rest };
  }
}
