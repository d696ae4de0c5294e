/** `bellwether decision explain`: one decision in words, and the proof that its figures follow from what is kept. */
import { EXIT, type Command } from './command.ts';
import { errors } from './errors.ts';
import { askDesk, deskOptions } from './running-desk.ts';
import { table } from './terminal.ts';

interface Decision {
  readonly id: string;
  readonly headline: string;
  readonly status: string;
  readonly as_of: string;
  readonly probability: number;
  readonly break_even: number | null;
  readonly deadline: string | null;
  readonly escalated: string | null;
  readonly answers: Readonly<Record<string, string>>;
  readonly options: readonly { readonly action: string; readonly expected_cost_usd: string; readonly interval_90_usd: readonly [string, string]; readonly feasible: boolean; readonly why_not: string | null }[];
  readonly rule_version: string;
  readonly inputs_hash: string;
}

interface Evidence {
  readonly items: readonly { readonly kind: string; readonly id: string; readonly hash: string; readonly statement: string; readonly probability: number | null; readonly source: string }[];
}

const QUESTIONS: readonly (readonly [key: string, title: string])[] = [
  ['what', 'What is happening'],
  ['when', 'When'],
  ['how_bad', 'How bad'],
  ['why', 'Why'],
  ['what_to_do', 'What to do'],
  ['how_sure', 'How sure'],
  ['if_nothing', 'If nothing is done'],
];

export const decisionCommand: Command = {
  name: 'decision',
  usage: 'decision explain ID',
  about: 'a decision in words: the seven questions, the options, the evidence; with --replay computed again and compared',
  options: { ...deskOptions, language: { type: 'string', about: 'of the answers: en (default), vi, zh or es' }, replay: { type: 'boolean', about: 'compute it again from its kept inputs; exit 1 when a byte differs' } },
  async run(context) {
    const { terminal, args } = context;
    const [verb, id] = args;
    if (verb !== 'explain' || id === undefined) throw errors.COMMAND_WRONG({ detail: `decision ${args.join(' ')}`.trim(), fix: 'decision explain ID; ids are listed at GET /api/v1/decisions' });
    const path = `/api/v1/decisions/${encodeURIComponent(id)}`;
    const language = context.option('language');
    const decision = await askDesk<Decision>(context, language === undefined ? path : `${path}?language=${encodeURIComponent(language)}`);
    const evidence = await askDesk<Evidence>(context, `${path}/evidence`);
    const replay = context.flag('replay') ? await askDesk<{ same: boolean; hash: string; rule_version: string }>(context, `${path}/replay`) : null;
    if (context.flag('json')) terminal.out(`${JSON.stringify({ decision, evidence: evidence.items, replay }, null, 2)}\n`);
    else {
      terminal.out(explain(decision, evidence));
      if (replay) terminal.out(replay.same ? `replayed: the same bytes, ${replay.hash} (${replay.rule_version})\n` : `REPLAYED DIFFERENTLY: ${replay.hash} under ${replay.rule_version}\n`);
    }
    return replay === null || replay.same ? EXIT.ok : EXIT.failed;
  },
};

function explain(d: Decision, evidence: Evidence): string {
  const dollars = (text: string): string => `$${Math.round(Number(text)).toLocaleString('en-US')}`;
  const percent = (p: number): string => `${(p * 100).toFixed(1)} %`;
  const options = table(d.options, [
    { title: 'option', value: (o) => o.action },
    { title: 'expected cost', value: (o) => dollars(o.expected_cost_usd), align: 'right' },
    { title: '90 % interval', value: (o) => `${dollars(o.interval_90_usd[0])} to ${dollars(o.interval_90_usd[1])}`, align: 'right' },
    { title: '', value: (o) => (o.feasible ? '' : (o.why_not ?? 'not open')), max: 80 },
  ]);
  const rests = table(evidence.items, [
    { title: 'kind', value: (e) => e.kind },
    { title: 'p', value: (e) => (e.probability === null ? '' : percent(e.probability)), align: 'right' },
    { title: 'says', value: (e) => e.statement, max: 90 },
    { title: 'source', value: (e) => e.source, max: 40 },
    { title: 'hash', value: (e) => e.hash.slice(0, 12) },
  ]);
  const head = `${d.headline}\n${d.id}, ${d.status}, as of ${d.as_of}: probability ${percent(d.probability)}, break-even ${d.break_even === null ? 'none' : percent(d.break_even)}, decide before ${d.deadline ?? '–'}${d.escalated === null ? '' : `\nfor a person: ${d.escalated}`}`;
  const answers = QUESTIONS.map(([key, title]) => `${title}\n  ${d.answers[key] ?? ''}`).join('\n');
  return `${head}\n\n${answers}\n\n${options}\n${rests}\nrule ${d.rule_version}, inputs ${d.inputs_hash}\n`;
}
