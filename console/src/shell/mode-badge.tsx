// REPLAY, PARTIAL or LIVE: always in sight, and what it means one click away.
import { Popover } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import type { DeskStatus, Mode } from '../api/types.ts';
import { instant } from '../format/time.ts';
import { Icon, type IconName } from '../ui/icons.tsx';
import css from './mode-badge.module.css';

const MODES: Readonly<Record<Mode, { readonly icon: IconName; readonly means: string }>> = {
  REPLAY: { icon: 'rewind', means: 'Recorded history is being played. No figure here is of today, and alerts go to a stand-in of the phone.' },
  PARTIAL: { icon: 'half', means: 'Some sources are real and fresh, others are stand-ins or do not answer. Check a figure’s source before you act on it.' },
  LIVE: { icon: 'dot', means: 'At least four in five sources are real and fresh.' },
};

export function ModeBadge({ status }: { readonly status: DeskStatus | undefined }) {
  const [open, setOpen] = useState(false);
  if (!status) return <span className={css.waiting} aria-hidden="true" />;
  const { icon, means } = MODES[status.mode];
  const fresh = status.sources.filter((source) => source.kind === 'real' && source.status === 'healthy').length;
  return (
    <Popover opened={open} onChange={setOpen} width={300} position="bottom" returnFocus>
      <Popover.Target>
        <button type="button" className={css.badge} data-mode={status.mode} onClick={() => setOpen(!open)} aria-label={`Mode: ${status.mode}. What this means`}>
          <Icon name={icon} size={14} />
          {status.mode}
        </button>
      </Popover.Target>
      <Popover.Dropdown>
        <p>{means}</p>
        <p className="dim small">
          {fresh} of {status.sources.length} sources real and healthy, as of {instant(status.as_of)}.
        </p>
        <p>
          <Link to="/system" onClick={() => setOpen(false)}>
            All sources
          </Link>
        </p>
      </Popover.Dropdown>
    </Popover>
  );
}
