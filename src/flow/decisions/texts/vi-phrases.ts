/** Names of passages in Vietnamese, and what other stages say in English inside a risk. */
import type { ChokepointId } from '../../../model/place.ts';
import { writtenFor } from '../../../model/written.ts';
import type { Phrases } from './known.ts';
import { passageNamed } from './parts.ts';

export const PASSAGES: Readonly<Record<ChokepointId, string>> = Object.freeze({
  bab_el_mandeb: 'eo biển Bab el-Mandeb', bosphorus: 'eo biển Bosphorus', cape_of_good_hope: 'mũi Hảo Vọng', dover: 'eo biển Dover', gibraltar: 'eo biển Gibraltar',
  hormuz: 'eo biển Hormuz', malacca: 'eo biển Malacca', panama: 'kênh đào Panama', suez: 'kênh đào Suez',
});

const w = writtenFor('vi');
const { numeral } = w;
const age = (text = ''): string => (text === 'a day' ? 'một ngày' : text.startsWith('less') ? 'chưa đến một ngày' : text.replace(' days', ' ngày'));

export const phrases: Phrases = Object.freeze({
  yes: (question) => `kết quả “có” cho câu hỏi “${question}”`,
  closing: (name) => `việc đóng ${passageNamed(name, PASSAGES)}`,
  pricesTrusted: (source, x = '') => `giá trên ${source} được tin ở mức ${numeral(x)}`,
  reportsTrusted: (source, x = '') => `tin của ${source} được tin ở mức ${numeral(x)}`,
  noRecord: (source, x = '') => `${source} chưa có lịch sử tại đây: được tin ở mức ${numeral(x)}`,
  bookUnknown: (x = '') => `nguồn không cho biết có bao nhiêu tiền đang đặt: hệ số ${numeral(x)}`,
  book: (amount = '', x = '') => `có ${numeral(amount)}\u00a0USD đang đặt: hệ số ${numeral(x)}`,
  priceAge: (text, x = '') => `giá đã cũ ${age(text)}: hệ số ${numeral(x)}`,
  reportAge: (text, x = '') => `tin đã cũ ${age(text)}: hệ số ${numeral(x)}`,
  outlets: (n, from = '', to = '') => `${n} cơ quan báo chí đưa tin gần như cùng lời: ${numeral(from)} thành ${numeral(to)}`,
  questions: (n) => `${n} câu hỏi về sự kiện này`,
  answered: () => 'câu hỏi đã có kết quả “có”',
  counted: (day = '') => `lưu lượng tàu được đếm đến ngày ${w.day(day)}`,
  fell: (name, day = '') => `Lưu lượng tàu tại ${passageNamed(name, PASSAGES)} giảm: báo động CUSUM cho ngày ${w.day(day)}`,
  share: (from = '', to = '', percent = '') => `Từ ${w.day(from)} đến ${w.day(to)}, lưu lượng qua đây bằng ${percent}% mức thường lệ`,
  shut: () => 'Tuyến bị đóng hoặc gần như không còn tàu',
  back: () => 'Tàu đi lại qua tuyến này',
  attacked: () => 'Các hãng tàu tránh tuyến sau khi tàu bị tấn công',
  iranByUs: () => 'Sau các cuộc không kích của Mỹ vào Iran, tàu tránh eo biển Hormuz',
  iranByIsrael: () => 'Giao tranh giữa Israel và Iran lan đến eo biển Hormuz',
  iranWider: () => 'Chiến tranh lan rộng với Iran chạm đến eo biển Hormuz',
  iranRelief: () => 'Khi giao tranh chấm dứt, tàu trở lại eo biển Hormuz',
  yemenStruck: () => 'Lực lượng Houthi đáp trả bằng cách đánh tàu tại Bab el-Mandeb',
  yemenRelief: () => 'Sau ngừng bắn, các hãng tàu trở lại Bab el-Mandeb',
  judgedLength: () => 'phán đoán đã công bố về thời gian đóng tuyến',
  reopeningMarkets: () => 'giá thị trường về việc mở lại, qua các mối liên hệ đã công bố',
  judged: () => 'phán đoán đã công bố',
  judgedBy: (rest) => `phán đoán đã công bố, “${rest}”`,
});
