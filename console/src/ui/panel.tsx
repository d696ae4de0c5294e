// A titled part of a page, and the page itself with its question.
import { useEffect, useRef, type ReactNode, type RefObject } from 'react';
import css from './panel.module.css';

interface PanelProps {
  readonly title: ReactNode;
  /** To the right of the title: a source, a filter, a link. */
  readonly aside?: ReactNode;
  /** No padding: for tables and lists that rule themselves. */
  readonly flush?: boolean;
  /** On a phone the title is for screen readers alone: the page's question says it. */
  readonly quietOnPhone?: boolean;
  readonly className?: string | undefined;
  readonly children: ReactNode;
}

export function Panel({ title, aside, flush = false, quietOnPhone = false, className, children }: PanelProps) {
  return (
    <section className={`${css.panel} ${className ?? ''}`}>
      <header className={css.head} data-quiet={quietOnPhone}>
        <h2>{title}</h2>
        {aside !== undefined && <div className={css.aside}>{aside}</div>}
      </header>
      <div className={flush ? css.flush : css.body}>{children}</div>
    </section>
  );
}

let firstPage = true;

interface PageProps {
  /** The one question that the page answers. */
  readonly question: string;
  /** For the browser's title bar; the question when absent. */
  readonly name?: string | undefined;
  /** One line that answers it at a glance. */
  readonly answer?: ReactNode;
  readonly aside?: ReactNode;
  readonly children: ReactNode;
}

/** Names the page in the browser's title bar. @returns for its heading, from which keyboard and screen reader go on */
export function usePageHeading(name: string): RefObject<HTMLHeadingElement | null> {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (!firstPage) heading.current?.focus({ preventScroll: true });
    firstPage = false;
  }, []);
  useEffect(() => {
    document.title = `${name} · Bellwether`;
  }, [name]);
  return heading;
}

export function Page({ question, name, answer, aside, children }: PageProps) {
  const heading = usePageHeading(name ?? question);
  return (
    <>
      <div className={css.title}>
        <div className={css.question}>
          <h1 ref={heading} tabIndex={-1}>
            {question}
          </h1>
          {answer !== undefined && <p className={css.answer}>{answer}</p>}
        </div>
        {aside !== undefined && <div className={css.aside}>{aside}</div>}
      </div>
      {children}
    </>
  );
}
