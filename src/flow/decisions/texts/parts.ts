/** What sentences of any language are put together with. */
import { CHOKEPOINTS, type ChokepointId } from '../../../model/place.ts';

export const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

const IDS: ReadonlyMap<string, ChokepointId> = new Map(Object.entries(CHOKEPOINTS).map(([id, name]) => [name, id as ChokepointId]));

/** A passage's name in a language, from its English one; a name that is none of the desk's stays as it is. */
export function passageNamed(english: string | undefined, names: Readonly<Record<ChokepointId, string>>): string {
  const id = IDS.get(english ?? '');
  return id ? names[id] : (english ?? '');
}
