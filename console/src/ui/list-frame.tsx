// A table that scrolls in its own frame on a narrow screen, and the foot of a list that has more.
import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import css from './list-frame.module.css';

/** The frame can be scrolled by keyboard, so it takes focus and has a name. */
export function TableFrame({ label, children }: { readonly label: string; readonly children: ReactNode }) {
  return (
    <div className="table-frame" role="region" aria-label={label} tabIndex={0}>
      {children}
    </div>
  );
}

interface MoreProps {
  readonly hasNextPage: boolean;
  readonly isFetchingNextPage: boolean;
  fetchNextPage(): unknown;
}

export function More({ list, shown, word }: { readonly list: MoreProps; readonly shown: number; readonly word: string }) {
  if (!list.hasNextPage) return null;
  return (
    <div className={css.more}>
      <Button variant="default" size="xs" loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
        Show more {word} ({shown} shown)
      </Button>
    </div>
  );
}

interface ChoiceProps<T extends string> {
  readonly label: string;
  readonly value: T;
  readonly options: readonly (readonly [value: T, text: string])[];
  readonly onChange: (value: T) => void;
}

/** One of a few: radio buttons that look like a row of keys. */
export function Choice<T extends string>({ label, value, options, onChange }: ChoiceProps<T>) {
  return (
    <fieldset className={css.choice}>
      <legend className="visually-hidden">{label}</legend>
      {options.map(([option, text]) => (
        <label key={option} data-on={option === value}>
          <input type="radio" name={label} value={option} checked={option === value} onChange={() => onChange(option)} />
          {text}
        </label>
      ))}
    </fieldset>
  );
}
