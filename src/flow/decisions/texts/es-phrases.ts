/** Names of passages in Spanish, and what other stages say in English inside a risk. */
import type { ChokepointId } from '../../../model/place.ts';
import type { Written } from '../../../model/written.ts';
import type { Phrases } from './known.ts';
import { passageNamed } from './parts.ts';

/** With their article: `el estrecho de Ormuz`. */
export const PASSAGES: Readonly<Record<ChokepointId, string>> = Object.freeze({
  bab_el_mandeb: 'el estrecho de Bab el-Mandeb', bosphorus: 'el Bósforo', cape_of_good_hope: 'el cabo de Buena Esperanza', dover: 'el paso de Calais', gibraltar: 'el estrecho de Gibraltar',
  hormuz: 'el estrecho de Ormuz', malacca: 'el estrecho de Malaca', panama: 'el canal de Panamá', suez: 'el canal de Suez',
});

/** `a` and `de` contract with the masculine article. */
export const del = (withArticle: string): string => (withArticle.startsWith('el ') ? `del ${withArticle.slice(3)}` : `de ${withArticle}`);
export const al = (withArticle: string): string => (withArticle.startsWith('el ') ? `al ${withArticle.slice(3)}` : `a ${withArticle}`);

const age = (text = ''): string => (text === 'a day' ? 'un día' : text.startsWith('less') ? 'menos de un día' : text.replace(' days', ' días'));

export const phrasesIn = (w: Written): Phrases => {
  const { numeral } = w;
  return Object.freeze({
    yes: (question) => `el resultado «sí» en la pregunta «${question}»`,
    closing: (name) => `el cierre ${del(passageNamed(name, PASSAGES))}`,
    pricesTrusted: (source, x = '') => `los precios de ${source} merecen una confianza de ${numeral(x)}`,
    reportsTrusted: (source, x = '') => `las noticias de ${source} merecen una confianza de ${numeral(x)}`,
    noRecord: (source, x = '') => `${source} no tiene historial aquí: confianza de ${numeral(x)}`,
    bookUnknown: (x = '') => `la fuente no dice cuánto dinero hay en el libro de órdenes: factor ${numeral(x)}`,
    book: (amount = '', x = '') => `hay US$\u00a0${numeral(amount)} en el libro de órdenes: factor ${numeral(x)}`,
    priceAge: (text, x = '') => `el precio tiene ${age(text)}: factor ${numeral(x)}`,
    reportAge: (text, x = '') => `la noticia tiene ${age(text)}: factor ${numeral(x)}`,
    outlets: (n, from = '', to = '') => `${n} medios lo cuentan casi con las mismas palabras: ${numeral(from)} pasa a ${numeral(to)}`,
    questions: (n) => `${n} ${n === '1' ? 'pregunta' : 'preguntas'} sobre este hecho`,
    answered: () => 'la pregunta se ha resuelto con un «sí»',
    counted: (day = '') => `el tráfico está contado hasta el ${w.day(day)}`,
    fell: (name, day = '') => `Cayó el tráfico en ${passageNamed(name, PASSAGES)}: alarma CUSUM del ${w.day(day)}`,
    share: (from = '', to = '', percent = '') => `Del ${w.day(from)} al ${w.day(to)} pasó el ${percent}\u00a0% del tráfico habitual`,
    shut: () => 'El paso está cerrado o casi vacío',
    back: () => 'Los buques vuelven a usar el paso',
    attacked: () => 'Las navieras evitan el paso tras ataques a buques',
    iranByUs: () => 'Tras ataques estadounidenses contra Irán, los buques evitan el estrecho de Ormuz',
    iranByIsrael: () => 'Los combates entre Israel e Irán alcanzan el estrecho de Ormuz',
    iranWider: () => 'Una guerra más amplia con Irán alcanza el estrecho de Ormuz',
    iranRelief: () => 'Cuando cesan los combates, los buques vuelven al estrecho de Ormuz',
    yemenStruck: () => 'Los hutíes responden contra buques en Bab el-Mandeb',
    yemenRelief: () => 'Las navieras vuelven a Bab el-Mandeb tras una tregua',
    judgedLength: () => 'juicio declarado sobre la duración de los cierres',
    reopeningMarkets: () => 'los mercados sobre su reapertura, mediante sus vínculos declarados',
    judged: () => 'juicio declarado',
    judgedBy: (rest) => `juicio declarado, «${rest}»`,
  } satisfies Phrases);
};
