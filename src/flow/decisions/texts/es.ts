/**
 * The decision in Spanish, as a forwarder in Valencia, Callao or Manzanillo would write it. Every number in it is a fact; nothing is computed
 * here. Twice: with the decimal comma, and with the point for the countries that write it, where a comma would be read as thousands.
 */
import { usd } from '../../../model/money.ts';
import type { ChokepointId } from '../../../model/place.ts';
import { writtenFor, type Language, type Written } from '../../../model/written.ts';
import type { ConfidenceReason, Escalation } from '../confidence.ts';
import type { DecisionContent } from '../content.ts';
import type { CurvePoint, Facts } from '../facts.ts';
import type { EventRisk } from '../inputs.ts';
import type { Action, ComponentName, Recourse } from '../options/index.ts';
import { PARAMETERS } from '../settings.ts';
import { al, del, PASSAGES, phrasesIn } from './es-phrases.ts';
import { sayKnown } from './known.ts';
import { capital } from './parts.ts';
import type { ChainStep, Texts } from './texts.ts';

/** The notation, and what depends on it. */
interface Voice extends Written {
  span(n: number): string;
  known(text: string): string;
  event(text: string): string;
}

const passage = (f: Facts): string => PASSAGES[f.chokepoint];

const TITLES: Record<Action, string> = {
  proceed: 'Seguir según lo previsto',
  reroute: 'Tomar otra ruta marítima',
  divert: 'Descargar en un puerto alternativo y seguir por tierra',
  delay: 'Aplazar la salida',
  insure: 'Seguir con cobertura de riesgo de guerra',
  hedge: 'Seguir con el flete de la otra ruta fijado',
  split: 'Enviar parte de los contenedores por otra ruta',
  wait: 'Esperar y decidir dentro del plazo',
};

const NOUNS: Record<Action, string> = {
  proceed: 'seguir según lo previsto', reroute: 'la otra ruta marítima', divert: 'el puerto alternativo con transporte terrestre', delay: 'aplazar la salida', insure: 'la cobertura de riesgo de guerra', hedge: 'fijar el flete de la otra ruta', split: 'enviar una parte por la otra ruta', wait: 'esperar',
};

const COMPONENT_NAMES: Record<ComponentName, string> = {
  freight: 'Diferencia de flete', overland: 'Transporte terrestre', handling: 'Manipulación adicional y cambio de destino', storage: 'Almacenaje y demoras del contenedor', premium: 'Prima',
  time: 'Coste del tiempo', spoilage: 'Deterioro de la mercancía', penalty: 'Penalización contractual', goods: 'Pérdida de la mercancía', emergency: 'Recargo de emergencia', onward: 'Riesgo en la ruta alternativa', rate_rise: 'Alza del flete durante la espera',
};

const RECOURSES: Record<Recourse, string> = {
  wait_out: 'el buque espera a que se reabra el paso', sent_round: 'el buque da el rodeo largo', landed_outside: 'la carga se desembarca fuera y sigue por tierra',
};

const WHY_NOT: Record<string, string> = {
  no_other_sea_route: 'Ninguna ruta marítima llega a este puerto sin ese paso',
  no_port_outside: 'En la tabla no hay ningún puerto fuera del paso con carretera o ferrocarril hasta este',
  loaded_behind_passage: 'La carga ya está a bordo al otro lado del paso',
  under_way: 'El buque ya ha zarpado',
  cut_off_passed: 'Su plazo ha vencido',
  too_few_boxes: 'Hay muy pocos contenedores para dividir el envío',
};
const whyNot = (code: string): string => WHY_NOT[code] ?? code;

const CUT_OFFS: Record<string, string> = {
  booking_cut_off: 'la reserva puede cambiarse hasta 72 horas antes de la salida',
  notice_before_passage: 'las navieras piden un aviso de 48 horas antes del paso',
  underwriters_notice: 'los aseguradores aceptan cobertura hasta 24 horas antes del paso',
};

const CONFIDENCE: Record<ConfidenceReason, string> = {
  judged_link: 'el vínculo entre el hecho y este paso es un juicio declarado',
  wide_link: 'el intervalo del vínculo es amplio',
  sources_disagree: 'las fuentes no coinciden',
  short_record: 'el historial es corto',
  default_freight: 'ningún índice de fletes cubre la ruta, por lo que se usa una tarifa general',
};

function escalation(v: Voice, e: Escalation): string {
  switch (e.kind) {
    case 'large_and_unsure':
      return `el valor expuesto es de ${v.usd(e.exposure)} (${v.usd(usd(PARAMETERS.escalateExposureUsd))} o más) y la confianza, del ${v.percent(e.confidence)} (menos del ${v.percent(PARAMETERS.escalateConfidence)})`;
    case 'sources_disagree':
      return `las fuentes no coinciden: llevadas a ${e.horizonDays} días, una da el ${v.percent(e.low)} y otra el ${v.percent(e.high)} para ${v.event(e.event)}`;
    case 'short_record':
      return `el historial de la estimación es corto: ${e.points} ${e.points === 1 ? 'dato' : 'datos'} en ${v.span(e.days)}`;
  }
}

const escalated = (v: Voice, all: readonly Escalation[]): string | null => (all.length === 0 ? null : `Debe revisarlo una persona: ${all.map((e) => escalation(v, e)).join('; ')}.`);

const confidenceReasons = (v: Voice, f: Facts): readonly string[] => [...f.trust.dataReasons.map(v.known), ...f.trust.reasons.map((r) => CONFIDENCE[r])];

const by = (v: Voice, f: Facts): string => (f.deadline === null ? '' : ` a más tardar el ${v.utc(f.deadline)}`);

function headline(v: Voice, f: Facts): string {
  const odds = `Riesgo del ${v.percent(f.p)} en ${passage(f)}`;
  const against = f.breakEven === null ? (f.othersOpen ? 'ninguna alternativa compensa con ninguna probabilidad' : 'ya no queda ninguna alternativa') : `punto de equilibrio: ${v.percent(f.breakEven)}`;
  if (f.action === 'proceed') return `${f.reference}: seguir según lo previsto. ${odds}, ${against}.`;
  if (f.action === 'wait') return `${f.reference}: esperar y decidir${by(v, f)}. ${odds}, ${against}; frente a zarpar sin más, ${saves(v, f)}.`;
  return `${f.reference}: ${TITLES[f.action].charAt(0).toLowerCase()}${TITLES[f.action].slice(1)}${by(v, f)}. ${odds}, ${against}; ${saves(v, f)}.`;
}

const saves = (v: Voice, f: Facts): string => (f.saving >= 0n ? `el ahorro esperado es de ${v.usd(f.saving)}` : `el coste esperado sube ${v.usd(-f.saving)}, pero se evitan los peores casos`);

function byTolerance(f: Facts): string {
  if (f.neutral === f.action) return '';
  const wish = f.tolerance === 'conservative' ? 'conservadora: paga algo por evitar los peores casos' : 'agresiva: actúa solo cuando se ahorra bastante';
  return ` Esto responde a la tolerancia al riesgo del cliente (${wish}); solo por coste esperado sería ${NOUNS[f.neutral]}.`;
}

function deadlineReason(f: Facts): string {
  const option = f.closing ? NOUNS[f.closing] : 'la alternativa';
  switch (f.deadlineReason) {
    case 'nothing_to_choose':
      return 'No hay nada que decidir: no queda abierta ninguna alternativa que pueda compensar.';
    case 'last_change_of_mind':
      return `Seguir no exige nada. Es el último momento para ${option}, si la probabilidad supera el punto de equilibrio.`;
    case 'option_closes':
      return `Después ya no se puede elegir ${option}.`;
    case 'waiting_costs_more':
      return f.action === 'wait' ? 'Después, esperar cuesta más de lo que puede enseñar.' : 'Después, aplazarlo cuesta más de lo que vale: los precios suben con la amenaza.';
  }
}

function answers(v: Voice, f: Facts): DecisionContent['answers'] {
  return { what: what(v, f), when: when(v, f), how_bad: howBad(v, f), why: why(v, f), what_to_do: `${whatToDo(v, f)}${byTolerance(f)}`, how_sure: howSure(v, f), if_nothing: ifNothing(v, f) };
}

const ship = (f: Facts): string => `El envío ${f.reference}${f.vessel ? `, en el buque ${f.vessel}` : ''}, de ${f.from} a ${f.to},`;

function what(v: Voice, f: Facts): string {
  const state =
    f.risk.basis.kind === 'observed'
      ? `${capital(passage(f))} ha perdido el ${v.percent(f.eventProbability)} de su tráfico`
      : f.risk.basis.kind === 'occurred'
        ? `Ya ha ocurrido: ${v.event(f.risk.event)}. Eso amenaza ${passage(f)}`
        : `${capital(v.event(f.risk.event))} amenazaría ${passage(f)}`;
  return `${state}. ${ship(f)} pasa por ahí con ${v.usd(f.exposure)} de mercancía.${alongside(v, f)} La probabilidad de que ${f.others.length === 0 ? 'el paso' : 'uno de ellos'} esté cerrado para este envío es del ${v.percent(f.p)} (intervalo del 90\u00a0%: del ${v.percent(f.pInterval[0])} al ${v.percent(f.pInterval[1])}).`;
}

/** Qué más evita el mismo rodeo. */
function alongside(v: Voice, f: Facts): string {
  if (f.others.length === 0) return '';
  const each = f.others.map((o) => `${PASSAGES[o.chokepoint]} (cerrado con una probabilidad del ${v.percent(o.p)})`).join(' y ');
  const counted = f.oneCause ? 'la causa es una sola, así que cuenta la probabilidad mayor y no la suma' : 'las causas que nada comparten se toman como independientes';
  return ` El mismo rodeo evita también ${each}: ${counted}.`;
}

function when(v: Voice, f: Facts): string {
  return `Según el itinerario, ${f.reference} está en ${passage(f)} el ${v.utc(f.passesAt)} y llega a destino el ${v.utc(f.eta)}.${deadlineSentence(v, f)}`;
}

function deadlineSentence(v: Voice, f: Facts): string {
  if (f.deadline === null) return '';
  return f.action === 'proceed' ? ` El último momento para elegir otra cosa es el ${v.utc(f.deadline)}.` : ` Decida${by(v, f)}.`;
}

function howBad(v: Voice, f: Facts): string {
  return `Si está cerrado: ${v.usd(f.lossIfHit)} de pérdida (intervalo del 90\u00a0%: de ${v.usd(f.lossInterval[0])} a ${v.usd(f.lossInterval[1])}) y ${v.span(f.days)} de retraso (de ${v.days(f.daysInterval[0])} a ${v.span(f.daysInterval[1])}), porque ${RECOURSES[f.recourse]}. Multiplicado por su probabilidad, seguir según lo previsto cuesta ${v.usd(f.proceedExpected)}.`;
}

function why(v: Voice, f: Facts): string {
  const { durationDays, basis, linkSource } = f.risk;
  const lasts = `un cierre dura de media ${v.span(durationDays.expected)} (de ${v.days(durationDays.low)} a ${v.span(durationDays.high)})`;
  if (basis.kind === 'observed') return `Se observa cerrado ${passage(f)} desde el ${v.utc(basis.since)}; a partir de ahora ${lasts}, de modo que el ${v.utc(f.passesAt)} sigue cerrado con una probabilidad del ${v.percent(f.p)}.`;
  const { expected, low, high } = basis.harmGivenEvent;
  const link = `en el ${v.percent(expected)} de los casos (del ${v.percent(low)} al ${v.percent(high)}; fuente: ${v.known(linkSource)})`;
  const then = `Para el día del paso resulta un ${v.percent(f.p)}.`;
  if (basis.kind === 'occurred') return `${capital(v.event(f.risk.event))} se conoce desde el ${v.utc(basis.at)}; ${link} eso cierra ${passage(f)}, y ${lasts}. Los recuentos de tráfico llegan con unos seis días de retraso y aún no lo muestran. ${then}`;
  return `${capital(v.event(f.risk.event))} tiene una probabilidad combinada del ${v.percent(f.eventProbability)} en ${PARAMETERS.poolingHorizonDays} días; ${link} eso cierra ${passage(f)}, y ${lasts}. ${then}`;
}

function whatToDo(v: Voice, f: Facts): string {
  const even = f.breakEven === null || f.breakEvenAction === null ? (f.othersOpen ? 'Ninguna opción abierta ahorra nada si el paso está cerrado' : 'Ya no queda abierta ninguna otra opción') : `La probabilidad es del ${v.percent(f.p)}; ${NOUNS[f.breakEvenAction]} compensa a partir del ${v.percent(f.breakEven)}`;
  if (f.action === 'proceed') return `Seguir según lo previsto. ${even}.`;
  if (f.action === 'wait') {
    const then = f.fallback && f.fallback !== 'proceed' ? ` y pasar después ${al(NOUNS[f.fallback])} si las noticias son malas` : '';
    return `Mantener abierta la elección hasta el ${f.deadline === null ? 'cierre del plazo' : v.utc(f.deadline)}${then}. ${even}. Coste esperado: ${v.usd(f.expected)}, frente a ${v.usd(f.proceedExpected)} de seguir según lo previsto.`;
  }
  const late = f.extraDays > 0 ? ` y ${v.span(f.extraDays)} más` : '';
  const which = f.action === 'divert' && f.overlandPort ? ` (${f.overlandPort})` : f.split ? ` (${f.split.moved} de ${f.split.boxes})` : '';
  return `${TITLES[f.action]}${which}: ${v.usd(f.costIfCalm)}${late} si no pasa nada. ${even}. ${capital(saves(v, f))}.`;
}

function howSure(v: Voice, f: Facts): string {
  const reasons = confidenceReasons(v, f);
  const because = reasons.length === 0 ? '' : ` Motivos: ${reasons.join('; ')}.`;
  const points = `${f.risk.recordLength} ${f.risk.recordLength === 1 ? 'dato' : 'datos'}`;
  return `La confianza en los datos es del ${v.percent(f.trust.confidence)}, a partir de ${points}.${because}${f.trust.escalations.length > 0 ? ` ${escalated(v, f.trust.escalations)}` : ''}`;
}

function ifNothing(v: Voice, f: Facts): string {
  const last = f.curve.at(-1);
  if (!last || last.extra === 0n) return `No hacer nada es seguir según lo previsto, con un coste esperado de ${v.usd(f.proceedExpected)}; ahora no cuesta más que la mejor opción.`;
  const first = f.curve.find((c) => c.extra > 0n) ?? last;
  const end = first === last ? '' : ` y ${v.usd(last.extra)} hasta el ${v.utc(last.at)}`;
  return `No hacer nada cuesta ${v.usd(first.extra)} más hasta el ${v.utc(first.at)}${end}. Al final equivale a seguir según lo previsto, con un coste esperado de ${v.usd(f.proceedExpected)}.`;
}

function curveNote(point: CurvePoint): string {
  return point.closing.length === 0 ? 'Solo precios y probabilidades' : `Ya no se puede elegir: ${point.closing.map((a) => NOUNS[a]).join(', ')}`;
}

function watch(v: Voice, f: Facts): string {
  const even = v.percent(f.breakEven ?? 1);
  return f.p > (f.breakEven ?? 1) ? `Vigilar ${passage(f)}: actuar al vencer el plazo, salvo que la probabilidad haya bajado del ${even}.` : `Vigilar ${passage(f)}: actuar cuando la probabilidad supere el ${even}.`;
}

function steps(v: Voice, f: Facts): readonly string[] {
  const carrier = f.carrier === null ? 'la naviera' : `la naviera ${f.carrier}`;
  const late = `Avisar al consignatario de que la llegada se desplaza aproximadamente ${v.span(f.extraDays)}.`;
  switch (f.action) {
    case 'proceed':
      return f.deadline === null ? ['No hay nada que hacer.'] : [`No hay nada que hacer. Volver a mirarlo si la probabilidad supera el ${v.percent(f.breakEven ?? 1)} antes del ${v.utc(f.deadline)}.`];
    case 'wait':
      return [`Pedir ya a ${carrier} una cotización para ${f.fallback ? NOUNS[f.fallback] : 'la alternativa'}, sin contratarla.`, watch(v, f), `Decidir${by(v, f)}.`];
    case 'reroute':
      return [f.underWay ? `Pedir a ${carrier} que desembarque los contenedores en un puerto de transbordo antes ${del(passage(f))} y los reenvíe por la otra ruta.` : `Pedir a ${carrier} que pase la reserva a un servicio que evite ${passage(f)}.`, `Confirmar${by(v, f)}.`, late];
    case 'divert':
      return [`Ordenar a ${carrier} el cambio de puerto a ${f.overlandPort ?? 'uno fuera del paso'}${by(v, f)}.`, 'Reservar a la vez el transporte terrestre y el tránsito aduanero.', late];
    case 'delay':
      return [`Pedir a ${carrier} que aplace la reserva ${v.span(f.extraDays)}${by(v, f)}.`, 'Dejar los contenedores en las instalaciones del cargador o en la terminal.', 'Comunicar la nueva fecha al consignatario.'];
    case 'hedge':
      return [`Pedir a ${carrier} o a un transitario una opción de espacio que evite ${passage(f)} al flete de hoy, o un contrato a plazo sobre el índice de la ruta${by(v, f)}.`, `Navegar según lo previsto por ${passage(f)}. Paga la subida del flete, no el retraso ni la mercancía.`];
    case 'split':
      return [`Pedir a ${carrier} que pase ${f.split?.moved ?? 0} de ${f.split?.boxes ?? 0} contenedores a un servicio que evite ${passage(f)}.`, `Confirmar las dos reservas${by(v, f)}.`, 'Avisar al consignatario de que la mercancía llega en dos partes.'];
    case 'insure':
      return [`Pedir al asegurador de la carga cobertura de riesgo de guerra por ${v.usd(f.exposure)}${by(v, f)}.`, `Navegar según lo previsto por ${passage(f)}. La cobertura paga la mercancía, no el retraso.`];
  }
}

const cutOffReason = (code: string): string => CUT_OFFS[code] ?? code;

function chain(v: Voice, chokepoint: ChokepointId, risk: EventRisk, eventProbability: number): readonly ChainStep[] {
  const name = PASSAGES[chokepoint];
  const p = Math.round(eventProbability * 1e6) / 1e6;
  const source = v.known(risk.linkSource);
  if (risk.basis.kind === 'observed') return [{ statement: `Parte del tráfico habitual ${del(name)} que no pasa`, probability: p, source }];
  const pooled = risk.basis.kind === 'forecast' ? [{ statement: `${capital(v.event(risk.event))} en ${PARAMETERS.poolingHorizonDays} días, combinando sus fuentes`, probability: p, source: 'combinación en log-odds de las estimaciones anteriores' }] : [];
  return [...pooled, { statement: `Si ocurre, ${name} queda cerrado para este tráfico`, probability: risk.basis.harmGivenEvent.expected, source }];
}

const ownChain = (v: Voice, f: Facts): readonly ChainStep[] => [
  { statement: `${capital([passage(f), ...f.others.map((o) => PASSAGES[o.chokepoint])].join(' o '))} está cerrado cuando ${f.reference} llega allí el ${v.utc(f.passesAt)}`, probability: Math.round(f.p * 1e6) / 1e6, source: 'el riesgo, el vínculo y la duración del cierre anteriores' },
  { statement: `Si está cerrado, a este envío le cuesta ${v.usd(f.lossIfHit)}`, probability: null, source: 'los componentes del coste de seguir según lo previsto' },
];

function voiceOf(language: Language): Voice {
  const w = writtenFor(language);
  const phrases = phrasesIn(w);
  const quote = (verbatim: string): string => `«${verbatim}»`;
  return { ...w, span: (n) => `${w.days(n)} ${n === 1 ? 'día' : 'días'}`, known: sayKnown(phrases, quote), event: sayKnown(phrases, (verbatim) => `el hecho ${quote(verbatim)}`) };
}

function spanish(language: Language): Texts {
  const v = voiceOf(language);
  return Object.freeze({
    language,
    titles: TITLES,
    components: COMPONENT_NAMES,
    sources: { penalty: 'Las condiciones del contrato del envío', onward: 'los riesgos en los pasos de la ruta alternativa y el coste de esperar ante ellos', judgement: 'juicio declarado' },
    moment: v.utc, whyNot, cutOffReason, deadlineReason, curveNote,
    headline: (f: Facts) => headline(v, f),
    answers: (f: Facts) => answers(v, f),
    steps: (f: Facts) => steps(v, f),
    confidenceReasons: (f: Facts) => confidenceReasons(v, f),
    escalation: (e: Escalation) => escalation(v, e),
    escalated: (all: readonly Escalation[]) => escalated(v, all),
    chain: (chokepoint: ChokepointId, risk: EventRisk, p: number) => chain(v, chokepoint, risk, p),
    ownChain: (f: Facts) => ownChain(v, f),
    evidence: v.known,
    source: v.known,
  });
}

export const es = spanish('es');
/** With the decimal point. */
export const esMx = spanish('es-MX');
