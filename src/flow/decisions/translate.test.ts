import assert from 'node:assert/strict';
import { test } from 'node:test';
import { canonicalJson, type Json } from '../../model/ids.ts';
import { LANGUAGES } from '../../model/written.ts';
import type { DecisionContent } from './content.ts';
import { decide } from './decide.ts';
import type { DecisionInputs } from './inputs.ts';
import { canonicalContent, normalInputs, recordOf, type DecisionRecord } from './record.ts';
import { replayDecision } from './replay.ts';
import { at, closedHormuz, gulfInputs, gulfShipment, strikeRisk } from './test-support/hormuz.ts';
import { translate } from './translate.ts';

const QUESTION = 'Will the US strike Iran by June 30, 2026?';
const calm = gulfInputs(at('2026-02-14T00:00'), { risks: [strikeRisk({ event: `A yes to “${QUESTION}”` })] });
const crisis = gulfInputs(at('2026-03-19T00:00'), { risks: [closedHormuz()], shipment: gulfShipment({ etd: at('2026-03-01T00:00'), eta: at('2026-03-22T00:00') }) });

const keep = (inputs: DecisionInputs): DecisionRecord => JSON.parse(canonicalJson(recordOf(normalInputs(inputs), decide(inputs)!) as unknown as Json)) as DecisionRecord;

/** All that is no word. */
const figures = (c: DecisionContent): unknown => ({
  ...c, headline: null, answers: null, deadline_reason: null, confidence_reasons: null, escalated: null, escalations: c.escalations.map((e) => e.kind), steps: c.steps.length,
  options: c.options.map((o) => ({ ...o, title: null, why_not: o.why_not === null, components: o.components.map((p) => ({ ...p, name: null, source: null })) })),
  inaction_curve: c.inaction_curve.map((p) => ({ ...p, note: null })), causal_chain: c.causal_chain.map((s) => ({ ...s, statement: null, source: null })),
});

test('a kept decision in another language has other words and the same figures, and stays what it was', () => {
  for (const inputs of [calm, crisis]) {
    const kept = keep(inputs);
    const before = canonicalContent(kept.content);
    for (const language of LANGUAGES) {
      const { language: of, content } = translate(kept, language);
      assert.equal(of, language);
      assert.deepEqual(figures(content), figures(kept.content));
      if (language !== 'en') assert.ok(Object.entries(content.answers).every(([k, text]) => text !== kept.content.answers[k as keyof DecisionContent['answers']]));
    }
    assert.equal(canonicalContent(kept.content), before);
    assert.ok(replayDecision(kept).same, 'the bytes that are proven are the English ones, whoever read it');
  }
});

test('words never go with figures that are not their own: such a decision stays in English', () => {
  const kept = keep(calm);
  assert.equal(translate(kept, 'pt-BR').language, 'en', 'a language that the desk does not write');
  assert.equal(translate({ ...kept, ruleVersion: 'rule_older' }, 'vi').language, 'en');
  const changed = { ...kept, content: { ...kept.content, expected_cost_usd: '1.00' } };
  assert.deepEqual(translate(changed, 'vi'), { language: 'en', content: changed.content });
});

test('Hormuz, mid-February 2026, as each customer reads it', () => {
  const kept = keep(calm);
  const read = (language: string): readonly string[] => {
    const { headline, answers } = translate(kept, language).content;
    return [headline, answers.what, answers.why, answers.what_to_do].map((text) => text.replaceAll('\u00a0', '_'));
  };
  assert.deepEqual(read('vi-VN'), [
    'BW-1001: giữ nguyên kế hoạch. Rủi ro tại eo biển Hormuz: 3,3%, xác suất hòa vốn: 25%.',
    `Kết quả “có” cho câu hỏi “${QUESTION}” sẽ đe dọa eo biển Hormuz. Lô BW-1001, từ Shanghai (CNSHA) đến Jebel Ali (AEJEA), đi qua đây với hàng trị giá 6.000.000_USD. Xác suất tuyến bị đóng đối với lô hàng này là 3,3% (khoảng tin cậy 90%: 0,79% đến 7,1%).`,
    `Kết quả “có” cho câu hỏi “${QUESTION}” có xác suất tổng hợp 26% trong 30 ngày tới; trong 35% trường hợp (10% đến 70%; căn cứ: phán đoán đã công bố), điều đó làm đóng eo biển Hormuz, và một đợt đóng tuyến kéo dài trung bình 30 ngày (7 ngày đến 90 ngày). Tính cho ngày tàu đi qua, xác suất là 3,3%.`,
    'Giữ nguyên kế hoạch. Xác suất hiện là 3,3%; phương án đổi cảng dỡ và đi đường bộ có lợi từ mức 25%.',
  ]);
  assert.deepEqual(read('zh-Hans-CN'), [
    'BW-1001：按原计划走。霍尔木兹海峡风险3.3%，盈亏平衡概率25%。',
    `“${QUESTION}”的肯定结果将威胁霍尔木兹海峡。BW-1001由Shanghai (CNSHA)运往Jebel Ali (AEJEA)，途经此处，货值6,000,000美元。届时该通道对此票货关闭的概率为3.3%（90%区间：0.79%至7.1%）。`,
    `“${QUESTION}”的肯定结果在30天内的综合概率为26%；一旦发生，有35%的可能（10%至70%；依据：已声明的判断）导致霍尔木兹海峡关闭，且关闭平均持续30天（7天至90天）。折算到过通道当天，概率为3.3%。`,
    '按原计划走。目前概率为3.3%；改港转陆运从25%起才划算。',
  ]);
  assert.deepEqual(read('es'), [
    'BW-1001: seguir según lo previsto. Riesgo del 3,3_% en el estrecho de Ormuz, punto de equilibrio: 25_%.',
    `El resultado «sí» en la pregunta «${QUESTION}» amenazaría el estrecho de Ormuz. El envío BW-1001, de Shanghai (CNSHA) a Jebel Ali (AEJEA), pasa por ahí con US$_6.000.000 de mercancía. La probabilidad de que el paso esté cerrado para este envío es del 3,3_% (intervalo del 90_%: del 0,79_% al 7,1_%).`,
    `El resultado «sí» en la pregunta «${QUESTION}» tiene una probabilidad combinada del 26_% en 30 días; en el 35_% de los casos (del 10_% al 70_%; fuente: juicio declarado) eso cierra el estrecho de Ormuz, y un cierre dura de media 30 días (de 7 a 90 días). Para el día del paso resulta un 3,3_%.`,
    'Seguir según lo previsto. La probabilidad es del 3,3_%; el puerto alternativo con transporte terrestre compensa a partir del 25_%.',
  ]);
  assert.match(read('es-MX')[1]!, /US\$_6,000,000 .* 3\.3_%/, 'with the decimal point where it is written so');
});
