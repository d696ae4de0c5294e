/** The decision in simplified Chinese, as a forwarder in Shanghai or Shenzhen would write it. Every number in it is a fact; nothing is computed here. */
import { usd } from '../../../model/money.ts';
import type { ChokepointId } from '../../../model/place.ts';
import { writtenFor } from '../../../model/written.ts';
import type { ConfidenceReason, Escalation } from '../confidence.ts';
import type { DecisionContent } from '../content.ts';
import type { CurvePoint, Facts } from '../facts.ts';
import type { EventRisk } from '../inputs.ts';
import type { Action, ComponentName, Recourse } from '../options/index.ts';
import { PARAMETERS } from '../settings.ts';
import { sayKnown } from './known.ts';
import type { ChainStep, Texts } from './texts.ts';
import { PASSAGES, phrases } from './zh-phrases.ts';

const w = writtenFor('zh');
const { percent } = w;
const money = w.usd;
const moment = w.utc;
const days = (n: number): string => `${w.days(n)}天`;
const quote = (verbatim: string): string => `“${verbatim}”`;
const known = sayKnown(phrases, quote);
const event = sayKnown(phrases, (verbatim) => `事件${quote(verbatim)}`);

const passage = (f: Facts): string => PASSAGES[f.chokepoint];

const TITLES: Record<Action, string> = {
  proceed: '按原计划走',
  reroute: '绕航，改走其他海路',
  divert: '改港卸货，转陆运',
  delay: '推迟开船',
  insure: '按原计划走，投保战争险',
  hedge: '按原计划走，锁定替代航线运价',
  split: '部分货柜改走其他航线',
  wait: '暂缓，在截止时间前决定',
};

const NOUNS: Record<Action, string> = {
  proceed: '按原计划走', reroute: '绕航', divert: '改港转陆运', delay: '推迟开船', insure: '投保战争险', hedge: '锁定替代航线运价', split: '部分货柜改走其他航线', wait: '暂缓',
};

const COMPONENT_NAMES: Record<ComponentName, string> = {
  freight: '海运费差额', overland: '陆运费', handling: '额外操作费及改港费', storage: '堆存费及滞箱费', premium: '保险费或锁价费用',
  time: '时间成本', spoilage: '货物变质损失', penalty: '合同违约金', goods: '货物灭失', emergency: '紧急附加费', onward: '绕航途中的风险', rate_rise: '等待期间运价上涨',
};

const RECOURSES: Record<Recourse, string> = {
  wait_out: '船须等候通道恢复通航', sent_round: '船须绕远路航行', landed_outside: '货须在通道外卸下并转陆运',
};

const WHY_NOT: Record<string, string> = {
  no_other_sea_route: '没有绕开该通道到达该港的海路',
  no_port_outside: '表中没有通道外的港口有公路或铁路通往该港',
  loaded_behind_passage: '货已在通道内侧装船',
  under_way: '船已开航',
  cut_off_passed: '已过该方案的截止时间',
  too_few_boxes: '柜量太少，无法拆分',
};
const whyNot = (code: string): string => WHY_NOT[code] ?? code;

const CUT_OFFS: Record<string, string> = {
  booking_cut_off: '订舱最迟可在开船前72小时更改',
  notice_before_passage: '船公司要求在过通道前48小时通知',
  underwriters_notice: '承保人最迟在过通道前24小时接受投保',
};

const CONFIDENCE: Record<ConfidenceReason, string> = {
  judged_link: '事件与该通道的关联出自已声明的判断',
  wide_link: '该关联的区间较宽',
  sources_disagree: '各来源说法不一',
  short_record: '数据记录较短',
  default_freight: '该航线没有运价指数，采用通用运价',
};

function escalation(e: Escalation): string {
  switch (e.kind) {
    case 'large_and_unsure':
      return `风险货值为${money(e.exposure)}（不低于${money(usd(PARAMETERS.escalateExposureUsd))}），而置信度仅${percent(e.confidence)}（低于${percent(PARAMETERS.escalateConfidence)}）`;
    case 'sources_disagree':
      return `各来源说法不一：折算到${e.horizonDays}天，对于${event(e.event)}，最低为${percent(e.low)}，最高为${percent(e.high)}`;
    case 'short_record':
      return `估计所依据的记录较短：${days(e.days)}内共${e.points}个数据点`;
  }
}

const escalated = (all: readonly Escalation[]): string | null => (all.length === 0 ? null : `须人工复核：${all.map(escalation).join('；')}。`);

const confidenceReasons = (f: Facts): readonly string[] => [...f.trust.dataReasons.map(known), ...f.trust.reasons.map((r) => CONFIDENCE[r])];

/** Stands before what is to be done. */
const by = (f: Facts): string => (f.deadline === null ? '' : `最迟于${moment(f.deadline)}`);

function headline(f: Facts): string {
  const odds = `${passage(f)}风险${percent(f.p)}`;
  const against = f.breakEven === null ? (f.othersOpen ? '任何概率下都没有划算的替代方案' : '已无其他方案可选') : `盈亏平衡概率${percent(f.breakEven)}`;
  if (f.action === 'proceed') return `${f.reference}：按原计划走。${odds}，${against}。`;
  if (f.action === 'wait') return `${f.reference}：暂缓，${by(f)}决定。${odds}，${against}；与径直开航相比，${saves(f)}。`;
  return `${f.reference}：${by(f)}${f.action === 'insure' || f.action === 'hedge' ? '' : '安排'}${NOUNS[f.action]}。${odds}，${against}；${saves(f)}。`;
}

const saves = (f: Facts): string => (f.saving >= 0n ? `预期节省${money(f.saving)}` : `预期多花${money(-f.saving)}，但可避开最坏的情形`);

function byTolerance(f: Facts): string {
  if (f.neutral === f.action) return '';
  const wish = f.tolerance === 'conservative' ? '保守：愿意多花一些以避开最坏的情形' : '进取：只有节省可观时才行动';
  return `此建议依据客户的风险偏好（${wish}）；若只看预期成本，则为${NOUNS[f.neutral]}。`;
}

function deadlineReason(f: Facts): string {
  const option = f.closing ? `“${NOUNS[f.closing]}”` : '替代方案';
  switch (f.deadlineReason) {
    case 'nothing_to_choose':
      return '无须决定：没有可能划算的替代方案可选。';
    case 'last_change_of_mind':
      return `按原计划走无须任何操作。若概率升破盈亏平衡点，这是改选${option}的最后时刻。`;
    case 'option_closes':
      return `此后${option}不再可选。`;
    case 'waiting_costs_more':
      return f.action === 'wait' ? '此后，等待的成本超过它能带来的信息价值。' : '此后，拖延的成本超过其价值：价格随威胁上涨。';
  }
}

function answers(f: Facts): DecisionContent['answers'] {
  return { what: what(f), when: when(f), how_bad: howBad(f), why: why(f), what_to_do: `${whatToDo(f)}${byTolerance(f)}`, how_sure: howSure(f), if_nothing: ifNothing(f) };
}

const ship = (f: Facts): string => `${f.reference}${f.vessel ? `（船名${f.vessel}）` : ''}由${f.from}运往${f.to}，`;

function what(f: Facts): string {
  const state =
    f.risk.basis.kind === 'observed'
      ? `${passage(f)}的通行量已减少${percent(f.eventProbability)}`
      : f.risk.basis.kind === 'occurred'
        ? `已经发生：${event(f.risk.event)}，${passage(f)}受到威胁`
        : `${event(f.risk.event)}将威胁${passage(f)}`;
  return `${state}。${ship(f)}途经此处，货值${money(f.exposure)}。${alongside(f)}届时${f.others.length === 0 ? '该通道' : '其中之一'}对此票货关闭的概率为${percent(f.p)}（90%区间：${percent(f.pInterval[0])}至${percent(f.pInterval[1])}）。`;
}

/** 同一条绕航路线还能避开的其他通道。 */
function alongside(f: Facts): string {
  if (f.others.length === 0) return '';
  const each = f.others.map((o) => `${PASSAGES[o.chokepoint]}（关闭概率${percent(o.p)}）`).join('和');
  const counted = f.oneCause ? '原因同一，因此取最高概率而不相加' : '无共同之处的原因按相互独立计算';
  return `同一绕航路线还避开${each}：${counted}。`;
}

function when(f: Facts): string {
  return `按船期，${f.reference}于${moment(f.passesAt)}通过${passage(f)}，于${moment(f.eta)}抵港。${deadlineSentence(f)}`;
}

function deadlineSentence(f: Facts): string {
  if (f.deadline === null) return '';
  return f.action === 'proceed' ? `改选其他方案的最后时刻是${moment(f.deadline)}。` : `请${by(f)}决定。`;
}

function howBad(f: Facts): string {
  return `如果关闭：损失${money(f.lossIfHit)}（90%区间：${money(f.lossInterval[0])}至${money(f.lossInterval[1])}），延误${days(f.days)}（${days(f.daysInterval[0])}至${days(f.daysInterval[1])}），因为${RECOURSES[f.recourse]}。乘以概率，按原计划走的预期成本为${money(f.proceedExpected)}。`;
}

function why(f: Facts): string {
  const { durationDays, basis, linkSource } = f.risk;
  const lasts = `关闭平均持续${days(durationDays.expected)}（${days(durationDays.low)}至${days(durationDays.high)}）`;
  if (basis.kind === 'observed') return `自${moment(basis.since)}起，观测到${passage(f)}处于关闭状态；从现在起，${lasts}，因此到${moment(f.passesAt)}仍关闭的概率为${percent(f.p)}。`;
  const { expected, low, high } = basis.harmGivenEvent;
  const link = `有${percent(expected)}的可能（${percent(low)}至${percent(high)}；依据：${known(linkSource)}）`;
  const then = `折算到过通道当天，概率为${percent(f.p)}。`;
  if (basis.kind === 'occurred') return `${event(f.risk.event)}自${moment(basis.at)}起已知；由此${link}导致${passage(f)}关闭，且${lasts}。通行量数据约晚六天，尚未反映这一点。${then}`;
  return `${event(f.risk.event)}在${PARAMETERS.poolingHorizonDays}天内的综合概率为${percent(f.eventProbability)}；一旦发生，${link}导致${passage(f)}关闭，且${lasts}。${then}`;
}

function whatToDo(f: Facts): string {
  const even = f.breakEven === null || f.breakEvenAction === null ? (f.othersOpen ? '即使关闭，现有方案也都省不了钱' : '已无其他方案可选') : `目前概率为${percent(f.p)}；${NOUNS[f.breakEvenAction]}从${percent(f.breakEven)}起才划算`;
  if (f.action === 'proceed') return `按原计划走。${even}。`;
  if (f.action === 'wait') {
    const then = f.fallback && f.fallback !== 'proceed' ? `，若消息不利则${NOUNS[f.fallback]}` : '';
    return `保留选择权至${f.deadline === null ? '截止时间' : moment(f.deadline)}${then}。${even}。预期成本${money(f.expected)}，按原计划走则为${money(f.proceedExpected)}。`;
  }
  const late = f.extraDays > 0 ? `，多用${days(f.extraDays)}` : '';
  const which = f.action === 'divert' && f.overlandPort ? `（${f.overlandPort}）` : f.split ? `（${f.split.boxes}柜中的${f.split.moved}柜）` : '';
  return `${TITLES[f.action]}${which}：若平安无事，花费${money(f.costIfCalm)}${late}。${even}。${saves(f)}。`;
}

function howSure(f: Facts): string {
  const reasons = confidenceReasons(f);
  const because = reasons.length === 0 ? '' : `原因：${reasons.join('；')}。`;
  return `数据置信度为${percent(f.trust.confidence)}，依据${f.risk.recordLength}个数据点。${because}${escalated(f.trust.escalations) ?? ''}`;
}

function ifNothing(f: Facts): string {
  const last = f.curve.at(-1);
  if (!last || last.extra === 0n) return `什么都不做即按原计划走，预期成本${money(f.proceedExpected)}；目前并不比最佳方案更贵。`;
  const first = f.curve.find((c) => c.extra > 0n) ?? last;
  const end = first === last ? '' : `，到${moment(last.at)}多花${money(last.extra)}`;
  return `什么都不做，到${moment(first.at)}将多花${money(first.extra)}${end}。最终就是按原计划走，预期成本${money(f.proceedExpected)}。`;
}

function curveNote(point: CurvePoint): string {
  return point.closing.length === 0 ? '仅受价格和概率影响' : `届时不再可选：${point.closing.map((a) => NOUNS[a]).join('、')}`;
}

function watch(f: Facts): string {
  const even = percent(f.breakEven ?? 1);
  return f.p > (f.breakEven ?? 1) ? `关注${passage(f)}：除非概率降到${even}以下，否则到截止时间即行动。` : `关注${passage(f)}：概率超过${even}即行动。`;
}

function steps(f: Facts): readonly string[] {
  const carrier = f.carrier === null ? '船公司' : `船公司${f.carrier}`;
  const late = `通知收货人，到货日期约变动${days(f.extraDays)}。`;
  switch (f.action) {
    case 'proceed':
      return f.deadline === null ? ['无须操作。'] : [`无须操作。若在${moment(f.deadline)}之前概率超过${percent(f.breakEven ?? 1)}，再作评估。`];
    case 'wait':
      return [`现在就向${carrier}询“${f.fallback ? NOUNS[f.fallback] : '替代方案'}”的报价，暂不下单。`, watch(f), `${by(f)}作出决定。`];
    case 'reroute':
      return [f.underWay ? `要求${carrier}在${passage(f)}之前的中转港卸柜，改走其他航线转运。` : `要求${carrier}将订舱改到不经过${passage(f)}的航线。`, `${by(f)}确认。`, late];
    case 'divert':
      return [`${by(f)}要求${carrier}将卸货港改为${f.overlandPort ?? '通道外的港口'}。`, '同时预订陆运并办理海关转关手续。', late];
    case 'delay':
      return [`${by(f)}要求${carrier}将订舱顺延${days(f.extraDays)}。`, '货柜留在发货人处或码头堆场。', '通知收货人新的到货日期。'];
    case 'hedge':
      return [`${by(f)}向${carrier}或货代询价：按今日运价锁定绕开${passage(f)}的舱位选择权，或买入该航线运价指数的远期。`, `船按计划通过${passage(f)}。此举补偿运价上涨，不补偿延误或货损。`];
    case 'split':
      return [`要求${carrier}将${f.split?.boxes ?? 0}柜中的${f.split?.moved ?? 0}柜改到不经过${passage(f)}的航线。`, `${by(f)}确认两份订舱。`, '通知收货人货物分两批到达。'];
    case 'insure':
      return [`${by(f)}要求货物承保人按${money(f.exposure)}承保战争险。`, `船按计划通过${passage(f)}。保险赔货，不赔延误。`];
  }
}

const cutOffReason = (code: string): string => CUT_OFFS[code] ?? code;

function chain(chokepoint: ChokepointId, risk: EventRisk, eventProbability: number): readonly ChainStep[] {
  const name = PASSAGES[chokepoint];
  const p = Math.round(eventProbability * 1e6) / 1e6;
  const source = known(risk.linkSource);
  if (risk.basis.kind === 'observed') return [{ statement: `${name}平常通行量中未通过的比例`, probability: p, source }];
  const pooled = risk.basis.kind === 'forecast' ? [{ statement: `${event(risk.event)}（${PARAMETERS.poolingHorizonDays}天内，综合各来源）`, probability: p, source: '上述各项说法的对数几率合并' }] : [];
  return [...pooled, { statement: `一旦发生，${name}对此航线关闭`, probability: risk.basis.harmGivenEvent.expected, source }];
}

const ownChain = (f: Facts): readonly ChainStep[] => [
  { statement: `${f.reference}于${moment(f.passesAt)}到达时，${[passage(f), ...f.others.map((o) => PASSAGES[o.chokepoint])].join('或')}处于关闭状态`, probability: Math.round(f.p * 1e6) / 1e6, source: '上述风险率、关联和关闭时长' },
  { statement: `若关闭，此票货损失${money(f.lossIfHit)}`, probability: null, source: '按原计划走的各项成本' },
];

export const zh: Texts = Object.freeze({
  language: 'zh',
  titles: TITLES,
  components: COMPONENT_NAMES,
  sources: { penalty: '该票货的合同条款', onward: '绕航所经通道的风险，以及在其前等候的成本', judgement: '已声明的判断' },
  moment, whyNot, cutOffReason, headline, deadlineReason, answers, steps, curveNote, confidenceReasons, escalation, escalated, chain, ownChain,
  evidence: known, source: known,
});
