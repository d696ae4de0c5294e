// Where a number comes from, one click away: its time, when the desk knew it, its source.
import { ActionIcon, Popover } from '@mantine/core';
import { useState, type ReactNode } from 'react';
import { instant } from '../format/time.ts';
import { Icon } from './icons.tsx';
import css from './source.module.css';

export type Fact = readonly [name: string, value: ReactNode];

export function Source({ of, facts }: { readonly of: string; readonly facts: readonly Fact[] }) {
  const [open, setOpen] = useState(false);
  return (
    <Popover opened={open} onChange={setOpen} position="bottom-end" width={320} trapFocus returnFocus>
      <Popover.Target>
        <ActionIcon variant="subtle" color="harbor" size={28} aria-label={`Source and time of ${of}`} title={`Source and time of ${of}`} onClick={() => setOpen(!open)}>
          <Icon name="info" />
        </ActionIcon>
      </Popover.Target>
      <Popover.Dropdown aria-label={`Source and time of ${of}`}>
        <dl className={css.facts} tabIndex={-1} data-autofocus>
          {facts.map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      </Popover.Dropdown>
    </Popover>
  );
}

/** A source that is an address becomes a link; one that is a name stays a name. Only http(s): a stored text is never a script. */
export function SourceLink({ source, url }: { readonly source: string; readonly url?: string | null | undefined }) {
  const target = url ?? source;
  if (!/^https?:\/\//i.test(target)) return <>{source}</>;
  return (
    <a href={target} target="_blank" rel="noreferrer noopener">
      {url && source ? source : hostOf(target)}
      <span className="visually-hidden"> (opens in a new tab)</span>
    </a>
  );
}

function hostOf(target: string): string {
  try {
    return new URL(target).hostname.replace(/^www\./, '');
  } catch {
    return target;
  }
}

/** Keeps its place until the time is known. */
export const AsOf = ({ at }: { readonly at: string | undefined }) => <span className="dim small nowrap">{at === undefined ? '\u00a0' : <>as of <time dateTime={at}>{instant(at)}</time></>}</span>;
