/** What the WhatsApp twin can be told to do wrong beyond what every twin can (late, cut, 5xx, 429): its own codes and its webhooks. */
import { z } from 'zod';

const statuses = z.enum(['sent', 'delivered', 'read']);

export const scriptSchema = z.strictObject({
  /** The next sends are refused with these codes, one each. */
  refuse: z.array(z.int()).max(100).default([]),
  /** The next sends are accepted, and reported as failed with these codes, one each. */
  fail: z.array(z.int()).max(100).default([]),
  /** Webhooks that never come. */
  lose: z.array(statuses).default([]),
  /** Each webhook twice. */
  duplicated: z.boolean().default(false),
  /** `read` first, `sent` last. */
  reordered: z.boolean().default(false),
  /** Numbers (digits) that are not on WhatsApp: accepted, then failed with 131026. */
  unreachable: z.array(z.string().regex(/^\d{6,15}$/)).max(100).default([]),
});

export type TwinScriptInput = z.input<typeof scriptSchema>;
export type TwinScript = z.output<typeof scriptSchema>;

export class ScriptedFaults {
  #script: TwinScript = scriptSchema.parse({});

  /** Replaces the whole script. @throws ZodError when it is malformed; then nothing changes */
  set(input: TwinScriptInput): void {
    this.#script = scriptSchema.parse(input);
  }
  read(): TwinScript {
    return this.#script;
  }
  /** The code with which this send is refused, if any; used up. */
  takeRefusal(): number | null {
    return this.#script.refuse.shift() ?? null;
  }
  /** The code with which this accepted send fails later, if any; used up. */
  takeFailure(to: string): number | null {
    return this.#script.fail.shift() ?? (this.#script.unreachable.includes(to) ? 131_026 : null);
  }
}
