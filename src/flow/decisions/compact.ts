/**
 * The form in which a decision's content is kept: without what its grounds hold, and with the words that repeat in every decision
 * (names and sources of cost components) by their place in a list that is kept once. `unpack` gives back what `pack` was given.
 */
import type { Json } from '../../model/ids.ts';
import type { ComponentView, DecisionContent, OptionView } from './content.ts';

/** Name and source as places in the list, or as text where they are not in it; then calm, hit, low, high. */
type PackedComponent = readonly [name: number | string, source: number | string, calm: string, hit: string, low: string, high: string];
interface PackedOption extends Omit<OptionView, 'components'> {
  readonly components: readonly PackedComponent[];
}
/** As JSON gives it back. */
export interface PackedContent extends Omit<DecisionContent, 'options'> {
  readonly options: readonly PackedOption[];
}

/** What a packed content leaves out. */
export interface Shared {
  readonly causal_chain: DecisionContent['causal_chain'];
  readonly inputs: DecisionContent['inputs'];
  readonly words: readonly string[];
}

/** @param places of the shared words */
export function pack(c: DecisionContent, shared: Shared, places: ReadonlyMap<string, number>): Json {
  const place = (text: string): number | string => places.get(text) ?? text;
  const options = c.options.map((o): PackedOption => ({ ...o, components: o.components.map((p): PackedComponent => [place(p.name), place(p.source), p.calm_usd, p.hit_usd, p.low_usd, p.high_usd]) }));
  const packed: PackedContent = { ...c, options, causal_chain: c.causal_chain.slice(shared.causal_chain.length), inputs: c.inputs.slice(shared.inputs.length) };
  return packed as unknown as Json;
}

/** @param shared null: an older row, kept whole */
export function unpack(kept: PackedContent | DecisionContent, shared: Shared | null): DecisionContent {
  if (shared === null) return kept as DecisionContent;
  const { options, ...rest } = kept as PackedContent;
  return { ...rest, options: options.map((o) => ({ ...o, components: o.components.map((p) => component(p, shared.words)) })), causal_chain: [...shared.causal_chain, ...kept.causal_chain], inputs: [...shared.inputs, ...kept.inputs] };
}

function component([name, source, calm_usd, hit_usd, low_usd, high_usd]: PackedComponent, words: readonly string[]): ComponentView {
  const word = (at: number | string): string => (typeof at === 'number' ? (words[at] ?? '') : at);
  return { name: word(name), calm_usd, hit_usd, low_usd, high_usd, source: word(source) };
}
