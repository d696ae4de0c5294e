/** The decision in Vietnamese, as a forwarder in Hải Phòng or Cát Lái would write it. Every number in it is a fact; nothing is computed here. */
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
import { capital } from './parts.ts';
import type { ChainStep, Texts } from './texts.ts';
import { PASSAGES, phrases } from './vi-phrases.ts';

const w = writtenFor('vi');
const { percent } = w;
const money = w.usd;
const moment = w.utc;
const days = (n: number): string => `${w.days(n)} ngày`;
const quote = (verbatim: string): string => `“${verbatim}”`;
const known = sayKnown(phrases, quote);
const event = sayKnown(phrases, (verbatim) => `sự kiện ${quote(verbatim)}`);

const passage = (f: Facts): string => PASSAGES[f.chokepoint];

const TITLES: Record<Action, string> = {
  proceed: 'Giữ nguyên kế hoạch',
  reroute: 'Chuyển sang tuyến biển khác',
  divert: 'Đổi cảng dỡ, đi tiếp bằng đường bộ',
  delay: 'Lùi ngày tàu chạy',
  insure: 'Giữ kế hoạch, mua bảo hiểm rủi ro chiến tranh',
  hedge: 'Giữ kế hoạch, chốt trước giá cước tuyến thay thế',
  split: 'Chuyển một phần container sang tuyến khác',
  wait: 'Chờ, và quyết định trước hạn chót',
};

const NOUNS: Record<Action, string> = {
  proceed: 'giữ nguyên kế hoạch', reroute: 'chuyển sang tuyến biển khác', divert: 'đổi cảng dỡ và đi đường bộ', delay: 'lùi ngày tàu chạy', insure: 'mua bảo hiểm rủi ro chiến tranh', hedge: 'chốt trước giá cước tuyến thay thế', split: 'chuyển một phần container sang tuyến khác', wait: 'chờ',
};

const COMPONENT_NAMES: Record<ComponentName, string> = {
  freight: 'Chênh lệch cước biển', overland: 'Vận chuyển đường bộ', handling: 'Phí làm hàng phát sinh và đổi cảng đích', storage: 'Phí lưu bãi và lưu container', premium: 'Phí bảo hiểm hoặc phí chốt giá',
  time: 'Chi phí thời gian', spoilage: 'Hư hỏng hàng hóa', penalty: 'Phạt hợp đồng', goods: 'Tổn thất hàng hóa', emergency: 'Phụ phí khẩn cấp', onward: 'Rủi ro trên tuyến vòng', rate_rise: 'Giá cước tăng trong lúc chờ',
};

const RECOURSES: Record<Recourse, string> = {
  wait_out: 'tàu phải nằm chờ đến khi thông tuyến', sent_round: 'tàu phải đi đường vòng', landed_outside: 'hàng phải dỡ ở cảng bên ngoài rồi kéo đường bộ',
};

const WHY_NOT: Record<string, string> = {
  no_other_sea_route: 'Không có tuyến biển nào đến cảng này mà không qua điểm này',
  no_port_outside: 'Trong bảng không có cảng nào bên ngoài nối với cảng này bằng đường bộ hay đường sắt',
  loaded_behind_passage: 'Hàng đã xếp lên tàu ở phía trong',
  under_way: 'Tàu đã chạy',
  cut_off_passed: 'Đã quá hạn chót của phương án',
  too_few_boxes: 'Quá ít container để tách lô',
};
const whyNot = (code: string): string => WHY_NOT[code] ?? code;

const CUT_OFFS: Record<string, string> = {
  booking_cut_off: 'booking chỉ đổi được muộn nhất 72 giờ trước khi tàu chạy',
  notice_before_passage: 'hãng tàu yêu cầu báo trước 48 giờ trước khi tàu qua điểm này',
  underwriters_notice: 'công ty bảo hiểm chỉ nhận bảo hiểm muộn nhất 24 giờ trước khi tàu qua điểm này',
};

const CONFIDENCE: Record<ConfidenceReason, string> = {
  judged_link: 'mối liên hệ từ sự kiện đến tuyến này dựa trên phán đoán đã công bố',
  wide_link: 'mối liên hệ có biên độ rộng',
  sources_disagree: 'các nguồn không thống nhất',
  short_record: 'chuỗi dữ liệu còn ngắn',
  default_freight: 'không có chỉ số cước cho tuyến này nên dùng mức cước chung',
};

function escalation(e: Escalation): string {
  switch (e.kind) {
    case 'large_and_unsure':
      return `giá trị hàng chịu rủi ro là ${money(e.exposure)} (từ ${money(usd(PARAMETERS.escalateExposureUsd))} trở lên) và độ tin cậy chỉ ${percent(e.confidence)} (dưới ${percent(PARAMETERS.escalateConfidence)})`;
    case 'sources_disagree':
      return `các nguồn không thống nhất: quy về ${e.horizonDays} ngày, nguồn thấp nhất nói ${percent(e.low)}, nguồn cao nhất nói ${percent(e.high)} về ${event(e.event)}`;
    case 'short_record':
      return `chuỗi dữ liệu làm căn cứ còn ngắn: ${e.points} điểm dữ liệu trong ${days(e.days)}`;
  }
}

const escalated = (all: readonly Escalation[]): string | null => (all.length === 0 ? null : `Cần người xem xét: ${all.map(escalation).join('; ')}.`);

const confidenceReasons = (f: Facts): readonly string[] => [...f.trust.dataReasons.map(known), ...f.trust.reasons.map((r) => CONFIDENCE[r])];

const by = (f: Facts): string => (f.deadline === null ? '' : ` chậm nhất ${moment(f.deadline)}`);

function headline(f: Facts): string {
  const odds = `Rủi ro tại ${passage(f)}: ${percent(f.p)}`;
  const against = f.breakEven === null ? (f.othersOpen ? 'không phương án nào có lợi ở bất kỳ xác suất nào' : 'không còn phương án nào khác') : `xác suất hòa vốn: ${percent(f.breakEven)}`;
  if (f.action === 'proceed') return `${f.reference}: giữ nguyên kế hoạch. ${odds}, ${against}.`;
  if (f.action === 'wait') return `${f.reference}: chờ và quyết định${by(f)}. ${odds}, ${against}; so với cứ thế cho tàu chạy, ${saves(f)}.`;
  return `${f.reference}: ${NOUNS[f.action]}${by(f)}. ${odds}, ${against}; ${saves(f)}.`;
}

const saves = (f: Facts): string => (f.saving >= 0n ? `tính theo kỳ vọng tiết kiệm ${money(f.saving)}` : `tính theo kỳ vọng tốn thêm ${money(-f.saving)} nhưng tránh được những tình huống xấu nhất`);

function byTolerance(f: Facts): string {
  if (f.neutral === f.action) return '';
  const wish = f.tolerance === 'conservative' ? 'thận trọng: chịu trả thêm để tránh những tình huống xấu nhất' : 'mạo hiểm: chỉ hành động khi tiết kiệm được đáng kể';
  return ` Khuyến nghị này theo mức chấp nhận rủi ro của khách hàng (${wish}); nếu chỉ xét chi phí kỳ vọng thì sẽ là ${NOUNS[f.neutral]}.`;
}

function deadlineReason(f: Facts): string {
  const option = f.closing ? `phương án ${NOUNS[f.closing]}` : 'phương án thay thế';
  switch (f.deadlineReason) {
    case 'nothing_to_choose':
      return 'Không có gì phải quyết định: không còn phương án thay thế nào có thể có lợi.';
    case 'last_change_of_mind':
      return `Giữ nguyên kế hoạch thì không phải làm gì. Đây là thời điểm cuối cùng cho ${option}, nếu xác suất vượt điểm hòa vốn.`;
    case 'option_closes':
      return `Sau thời điểm này không thể chọn ${option} nữa.`;
    case 'waiting_costs_more':
      return f.action === 'wait' ? 'Sau thời điểm này, chi phí chờ vượt giá trị của thông tin thu được.' : 'Sau thời điểm này, trì hoãn tốn nhiều hơn giá trị nó mang lại: giá tăng theo mối đe dọa.';
  }
}

function answers(f: Facts): DecisionContent['answers'] {
  return { what: what(f), when: when(f), how_bad: howBad(f), why: why(f), what_to_do: `${whatToDo(f)}${byTolerance(f)}`, how_sure: howSure(f), if_nothing: ifNothing(f) };
}

const ship = (f: Facts): string => `Lô ${f.reference}${f.vessel ? ` trên tàu ${f.vessel}` : ''}, từ ${f.from} đến ${f.to},`;

function what(f: Facts): string {
  const state =
    f.risk.basis.kind === 'observed'
      ? `${capital(passage(f))} đã mất ${percent(f.eventProbability)} lưu lượng tàu`
      : f.risk.basis.kind === 'occurred'
        ? `Đã xảy ra: ${event(f.risk.event)}, đe dọa ${passage(f)}`
        : `${capital(event(f.risk.event))} sẽ đe dọa ${passage(f)}`;
  return `${state}. ${ship(f)} đi qua đây với hàng trị giá ${money(f.exposure)}.${alongside(f)} Xác suất ${f.others.length === 0 ? 'tuyến' : 'một trong các tuyến này'} bị đóng đối với lô hàng này là ${percent(f.p)} (khoảng tin cậy 90%: ${percent(f.pInterval[0])} đến ${percent(f.pInterval[1])}).`;
}

/** Những tuyến khác mà đường vòng này cũng tránh được. */
function alongside(f: Facts): string {
  if (f.others.length === 0) return '';
  const each = f.others.map((o) => `${PASSAGES[o.chokepoint]} (xác suất đóng ${percent(o.p)})`).join(' và ');
  const counted = f.oneCause ? 'nguyên nhân chỉ là một nên tính theo xác suất cao nhất chứ không cộng lại' : 'các nguyên nhân không có điểm chung được coi là độc lập';
  return ` Đường vòng này cũng tránh ${each}: ${counted}.`;
}

function when(f: Facts): string {
  return `Theo lịch, lô ${f.reference} qua ${passage(f)} lúc ${moment(f.passesAt)} và đến cảng đích lúc ${moment(f.eta)}.${deadlineSentence(f)}`;
}

function deadlineSentence(f: Facts): string {
  if (f.deadline === null) return '';
  return f.action === 'proceed' ? ` Thời điểm cuối cùng để chọn khác đi là ${moment(f.deadline)}.` : ` Hãy quyết định${by(f)}.`;
}

function howBad(f: Facts): string {
  return `Nếu tuyến bị đóng: thiệt hại ${money(f.lossIfHit)} (khoảng tin cậy 90%: ${money(f.lossInterval[0])} đến ${money(f.lossInterval[1])}) và trễ ${days(f.days)} (${days(f.daysInterval[0])} đến ${days(f.daysInterval[1])}), vì ${RECOURSES[f.recourse]}. Nhân với xác suất, chi phí kỳ vọng của việc giữ nguyên kế hoạch là ${money(f.proceedExpected)}.`;
}

function why(f: Facts): string {
  const { durationDays, basis, linkSource } = f.risk;
  const lasts = `một đợt đóng tuyến kéo dài trung bình ${days(durationDays.expected)} (${days(durationDays.low)} đến ${days(durationDays.high)})`;
  if (basis.kind === 'observed') return `${capital(passage(f))} được ghi nhận là đóng từ ${moment(basis.since)}; tính từ nay, ${lasts}, nên xác suất vẫn còn đóng lúc ${moment(f.passesAt)} là ${percent(f.p)}.`;
  const { expected, low, high } = basis.harmGivenEvent;
  const link = `${percent(expected)} trường hợp (${percent(low)} đến ${percent(high)}; căn cứ: ${known(linkSource)})`;
  const then = `Tính cho ngày tàu đi qua, xác suất là ${percent(f.p)}.`;
  if (basis.kind === 'occurred') return `${capital(event(f.risk.event))} được biết từ ${moment(basis.at)}; trong ${link}, điều đó làm đóng ${passage(f)}, và ${lasts}. Số liệu lưu lượng tàu chậm khoảng sáu ngày nên chưa phản ánh điều này. ${then}`;
  return `${capital(event(f.risk.event))} có xác suất tổng hợp ${percent(f.eventProbability)} trong ${PARAMETERS.poolingHorizonDays} ngày tới; trong ${link}, điều đó làm đóng ${passage(f)}, và ${lasts}. ${then}`;
}

function whatToDo(f: Facts): string {
  const even = f.breakEven === null || f.breakEvenAction === null ? (f.othersOpen ? 'Không phương án nào còn mở giúp tiết kiệm nếu tuyến bị đóng' : 'Không còn phương án nào khác') : `Xác suất hiện là ${percent(f.p)}; phương án ${NOUNS[f.breakEvenAction]} có lợi từ mức ${percent(f.breakEven)}`;
  if (f.action === 'proceed') return `Giữ nguyên kế hoạch. ${even}.`;
  if (f.action === 'wait') {
    const then = f.fallback && f.fallback !== 'proceed' ? `, rồi ${NOUNS[f.fallback]} nếu có tin xấu` : '';
    return `Để ngỏ lựa chọn đến ${f.deadline === null ? 'hạn chót' : moment(f.deadline)}${then}. ${even}. Chi phí kỳ vọng ${money(f.expected)} so với ${money(f.proceedExpected)} nếu giữ nguyên kế hoạch.`;
  }
  const late = f.extraDays > 0 ? ` và thêm ${days(f.extraDays)}` : '';
  const which = f.action === 'divert' && f.overlandPort ? ` (${f.overlandPort})` : f.split ? ` (${f.split.moved}/${f.split.boxes} container)` : '';
  return `${TITLES[f.action]}${which}: tốn ${money(f.costIfCalm)}${late} nếu không có gì xảy ra. ${even}. ${capital(saves(f))}.`;
}

function howSure(f: Facts): string {
  const reasons = confidenceReasons(f);
  const because = reasons.length === 0 ? '' : ` Lý do: ${reasons.join('; ')}.`;
  return `Độ tin cậy của dữ liệu là ${percent(f.trust.confidence)}, dựa trên ${f.risk.recordLength} điểm dữ liệu.${because}${f.trust.escalations.length > 0 ? ` ${escalated(f.trust.escalations)}` : ''}`;
}

function ifNothing(f: Facts): string {
  const last = f.curve.at(-1);
  if (!last || last.extra === 0n) return `Không làm gì nghĩa là giữ nguyên kế hoạch, với chi phí kỳ vọng ${money(f.proceedExpected)}; hiện không tốn hơn lựa chọn tốt nhất.`;
  const first = f.curve.find((c) => c.extra > 0n) ?? last;
  const end = first === last ? '' : `, và ${money(last.extra)} tính đến ${moment(last.at)}`;
  return `Không làm gì sẽ tốn thêm ${money(first.extra)} tính đến ${moment(first.at)}${end}. Cuối cùng sẽ thành giữ nguyên kế hoạch, với chi phí kỳ vọng ${money(f.proceedExpected)}.`;
}

function curveNote(point: CurvePoint): string {
  return point.closing.length === 0 ? 'Chỉ do giá và xác suất' : `Khi đó không còn chọn được: ${point.closing.map((a) => NOUNS[a]).join(', ')}`;
}

function watch(f: Facts): string {
  const even = percent(f.breakEven ?? 1);
  return f.p > (f.breakEven ?? 1) ? `Theo dõi ${passage(f)}: hành động khi đến hạn, trừ khi xác suất đã giảm xuống dưới ${even}.` : `Theo dõi ${passage(f)}: hành động khi xác suất vượt ${even}.`;
}

function steps(f: Facts): readonly string[] {
  const carrier = f.carrier === null ? 'hãng tàu' : `hãng tàu ${f.carrier}`;
  const late = `Báo người nhận hàng rằng ngày hàng đến dời khoảng ${days(f.extraDays)}.`;
  switch (f.action) {
    case 'proceed':
      return f.deadline === null ? ['Không cần làm gì.'] : [`Không cần làm gì. Xem lại nếu xác suất vượt ${percent(f.breakEven ?? 1)} trước ${moment(f.deadline)}.`];
    case 'wait':
      return [`Hỏi ${carrier} báo giá ngay cho phương án ${f.fallback ? NOUNS[f.fallback] : 'thay thế'}, chưa đặt.`, watch(f), `Quyết định${by(f)}.`];
    case 'reroute':
      return [f.underWay ? `Yêu cầu ${carrier} dỡ container tại cảng chuyển tải trước ${passage(f)} và chuyển tiếp theo tuyến khác.` : `Yêu cầu ${carrier} chuyển booking sang tuyến dịch vụ không qua ${passage(f)}.`, `Xác nhận${by(f)}.`, late];
    case 'divert':
      return [`Yêu cầu ${carrier} đổi cảng dỡ sang ${f.overlandPort ?? 'cảng bên ngoài'}${by(f)}.`, 'Đặt xe kéo đường bộ và làm thủ tục quá cảnh hải quan cùng lúc.', late];
    case 'delay':
      return [`Yêu cầu ${carrier} dời booking ${days(f.extraDays)}${by(f)}.`, 'Giữ container tại kho người gửi hoặc tại bãi cảng.', 'Báo người nhận hàng ngày đến mới.'];
    case 'hedge':
      return [`Hỏi ${carrier} hoặc công ty giao nhận về quyền giữ chỗ trên tuyến tránh ${passage(f)} theo giá hôm nay, hoặc hợp đồng kỳ hạn theo chỉ số cước của tuyến${by(f)}.`, `Tàu chạy theo kế hoạch qua ${passage(f)}. Phương án này bù phần cước tăng, không bù trễ hạn hay tổn thất hàng.`];
    case 'split':
      return [`Yêu cầu ${carrier} chuyển ${f.split?.moved ?? 0} trong ${f.split?.boxes ?? 0} container sang tuyến dịch vụ không qua ${passage(f)}.`, `Xác nhận cả hai booking${by(f)}.`, 'Báo người nhận hàng rằng hàng đến thành hai đợt.'];
    case 'insure':
      return [`Yêu cầu công ty bảo hiểm hàng hóa cấp bảo hiểm rủi ro chiến tranh cho ${money(f.exposure)}${by(f)}.`, `Tàu chạy theo kế hoạch qua ${passage(f)}. Bảo hiểm đền hàng, không đền trễ hạn.`];
  }
}

const cutOffReason = (code: string): string => CUT_OFFS[code] ?? code;

function chain(chokepoint: ChokepointId, risk: EventRisk, eventProbability: number): readonly ChainStep[] {
  const name = PASSAGES[chokepoint];
  const p = Math.round(eventProbability * 1e6) / 1e6;
  const source = known(risk.linkSource);
  if (risk.basis.kind === 'observed') return [{ statement: `Phần lưu lượng thường lệ tại ${name} không còn đi qua`, probability: p, source }];
  const pooled = risk.basis.kind === 'forecast' ? [{ statement: `${capital(event(risk.event))} trong ${PARAMETERS.poolingHorizonDays} ngày, tổng hợp từ các nguồn`, probability: p, source: 'tổng hợp log-odds của các nhận định trên' }] : [];
  return [...pooled, { statement: `Nếu xảy ra, ${name} đóng đối với tuyến hàng này`, probability: risk.basis.harmGivenEvent.expected, source }];
}

const ownChain = (f: Facts): readonly ChainStep[] => [
  { statement: `${capital([passage(f), ...f.others.map((o) => PASSAGES[o.chokepoint])].join(' hoặc '))} đang đóng khi lô ${f.reference} đến đó lúc ${moment(f.passesAt)}`, probability: Math.round(f.p * 1e6) / 1e6, source: 'mức nguy cơ, mối liên hệ và thời gian đóng nêu trên' },
  { statement: `Nếu đóng, lô hàng này thiệt hại ${money(f.lossIfHit)}`, probability: null, source: 'các khoản chi phí của việc giữ nguyên kế hoạch' },
];

export const vi: Texts = Object.freeze({
  language: 'vi',
  titles: TITLES,
  components: COMPONENT_NAMES,
  sources: { penalty: 'Điều khoản hợp đồng của lô hàng', onward: 'rủi ro tại các điểm trên đường vòng và chi phí nằm chờ ở đó', judgement: 'phán đoán đã công bố' },
  moment, whyNot, cutOffReason, headline, deadlineReason, answers, steps, curveNote, confidenceReasons, escalation, escalated, chain, ownChain,
  evidence: known, source: known,
});
