// The seven answers and the steps, in the language of whoever reads them. The choice is kept for the next decision.
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { decisionInQuery } from '../../api/queries.ts';
import type { Decision } from '../../api/types.ts';
import { Choice } from '../../ui/list-frame.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Toned } from '../../ui/words.tsx';
import { ACTION_WORDS, wordFor } from '../../ui/words.tsx';
import css from './decision.module.css';
import { QUESTIONS, READERS, readerOf, type Reader } from './languages.ts';

const STORED = 'bellwether.reader';

function stored(): Reader {
  try {
    return readerOf(localStorage.getItem(STORED));
  } catch {
    return 'en';
  }
}

export function PlainWords({ decision }: { readonly decision: Decision }) {
  // A desk that says in which language it answers can answer in others.
  const speaks = decision.language !== undefined;
  const [chosen, setChosen] = useState<Reader>(stored);
  const wanted = speaks ? chosen : 'en';
  const other = useQuery({ ...decisionInQuery(decision.id, wanted), enabled: wanted !== 'en' });
  const told = wanted === 'en' ? decision : (other.data ?? decision);
  const language = readerOf(told.language);
  const choose = (next: Reader): void => {
    setChosen(next);
    try {
      localStorage.setItem(STORED, next);
    } catch {
      // for this page alone then
    }
  };
  const [what, when, howBad, why, whatToDo, howSure, ifNothing, steps] = QUESTIONS[language];
  const { answers: a } = told;
  const waiting = wanted !== 'en' && other.isPending;
  return (
    <>
      <Panel title="In plain words" aside={speaks ? <Choice label="Language" value={wanted} options={READERS} onChange={choose} /> : undefined}>
        {wanted !== 'en' && other.error && <p role="alert"><Toned tone="warn" icon="alert">Not told in this language now, so it stands in English. {other.error.message}</Toned></p>}
        <dl className={css.answers} lang={language} aria-busy={waiting}>
          {([[what, a.what], [when, a.when], [howBad, a.how_bad], [why, a.why], [whatToDo, a.what_to_do], [howSure, a.how_sure], [ifNothing, a.if_nothing]] as const).map(([question, answer]) => (
            <div key={question}>
              <dt>{question}</dt>
              <dd>{answer}</dd>
            </div>
          ))}
        </dl>
      </Panel>
      <Panel title={language === 'en' ? `Steps to ${wordFor(ACTION_WORDS, decision.action).text.toLowerCase()}` : <span lang={language}>{steps}</span>}>
        <ol className={css.steps} lang={language} aria-busy={waiting}>
          {told.steps.map((step) => (
            <li key={step}>{step}</li>
          ))}
        </ol>
      </Panel>
    </>
  );
}
