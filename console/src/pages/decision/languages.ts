// The seven questions in the languages that a decision is told in, each named as its readers name it.

export const READERS = [
  ['en', 'English'],
  ['vi', 'Tiếng Việt'],
  ['zh', '中文'],
  ['es', 'Español'],
] as const;
export type Reader = (typeof READERS)[number][0];

export const QUESTIONS: Readonly<Record<Reader, readonly [what: string, when: string, howBad: string, why: string, whatToDo: string, howSure: string, ifNothing: string, steps: string]>> = {
  en: ['What is happening?', 'When?', 'How bad is it?', 'Why?', 'What to do?', 'How sure is this?', 'What if nothing is done?', 'Steps'],
  vi: ['Chuyện gì đang xảy ra?', 'Khi nào?', 'Mức độ nghiêm trọng?', 'Vì sao?', 'Cần làm gì?', 'Chắc chắn đến đâu?', 'Nếu không làm gì?', 'Các bước'],
  zh: ['发生了什么？', '什么时候？', '有多严重？', '为什么？', '该怎么做？', '有多大把握？', '如果什么都不做？', '步骤'],
  es: ['¿Qué está pasando?', '¿Cuándo?', '¿Qué gravedad tiene?', '¿Por qué?', '¿Qué hay que hacer?', '¿Qué seguridad hay?', '¿Y si no se hace nada?', 'Pasos'],
};

/** Of a stored choice or a language tag; English for anything else. */
export const readerOf = (tag: string | null | undefined): Reader => READERS.find(([code]) => code === tag?.toLowerCase().split(/[-_]/)[0])?.[0] ?? 'en';
