/** Names of passages in Chinese, and what other stages say in English inside a risk. */
import type { ChokepointId } from '../../../model/place.ts';
import { writtenFor } from '../../../model/written.ts';
import type { Phrases } from './known.ts';
import { passageNamed } from './parts.ts';

export const PASSAGES: Readonly<Record<ChokepointId, string>> = Object.freeze({
  bab_el_mandeb: '曼德海峡', bosphorus: '博斯普鲁斯海峡', cape_of_good_hope: '好望角', dover: '多佛尔海峡', gibraltar: '直布罗陀海峡',
  hormuz: '霍尔木兹海峡', malacca: '马六甲海峡', panama: '巴拿马运河', suez: '苏伊士运河',
});

const w = writtenFor('zh');
const { numeral } = w;
const age = (text = ''): string => (text === 'a day' ? '一天' : text.startsWith('less') ? '不足一天' : text.replace(' days', '天'));

export const phrases: Phrases = Object.freeze({
  yes: (question) => `“${question}”的肯定结果`,
  closing: (name) => `${passageNamed(name, PASSAGES)}关闭`,
  pricesTrusted: (source, x = '') => `${source}的价格可信度取${numeral(x)}`,
  reportsTrusted: (source, x = '') => `${source}的报道可信度取${numeral(x)}`,
  noRecord: (source, x = '') => `${source}在此尚无记录：可信度取${numeral(x)}`,
  bookUnknown: (x = '') => `来源未说明盘口资金量：系数${numeral(x)}`,
  book: (amount = '', x = '') => `盘口资金${numeral(amount)}美元：系数${numeral(x)}`,
  priceAge: (text, x = '') => `价格已过${age(text)}：系数${numeral(x)}`,
  reportAge: (text, x = '') => `报道已过${age(text)}：系数${numeral(x)}`,
  outlets: (n, from = '', to = '') => `${n}家媒体以几乎相同的措辞报道：${numeral(from)}升至${numeral(to)}`,
  questions: (n) => `关于该事件有${n}个问题`,
  answered: () => '该问题的结果为“是”',
  counted: (day = '') => `通行量统计至${w.day(day)}`,
  fell: (name, day = '') => `${passageNamed(name, PASSAGES)}通行量下降：${w.day(day)}触发CUSUM警报`,
  share: (from = '', to = '', percent = '') => `${w.day(from)}至${w.day(to)}，通行量为平常的${percent}%`,
  shut: () => '通道关闭或几乎无船通过',
  back: () => '船舶恢复通行',
  attacked: () => '船只遇袭后，船公司避开该通道',
  iranByUs: () => '美国打击伊朗后，船舶避开霍尔木兹海峡',
  iranByIsrael: () => '以色列与伊朗的战火波及霍尔木兹海峡',
  iranWider: () => '对伊朗的战争扩大，波及霍尔木兹海峡',
  iranRelief: () => '战事停止后，船舶重返霍尔木兹海峡',
  yemenStruck: () => '胡塞武装在曼德海峡袭击船只作为回应',
  yemenRelief: () => '停火后，船公司重返曼德海峡',
  judgedLength: () => '关于关闭时长的已声明判断',
  reopeningMarkets: () => '关于重新开放的市场价格，经已声明的关联折算',
  judged: () => '已声明的判断',
  judgedBy: (rest) => `已声明的判断，“${rest}”`,
});
