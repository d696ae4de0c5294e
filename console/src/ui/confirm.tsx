// What cannot be taken back is asked twice, in words that say what will happen.
import { Button, Modal } from '@mantine/core';
import type { ReactNode } from 'react';
import css from './confirm.module.css';

interface ConfirmProps {
  readonly opened: boolean;
  /** A question: "Play again from 1 Feb?" */
  readonly title: string;
  /** The words of the button that does it: "Forget this run and play again". Never "OK". */
  readonly doIt: string;
  readonly danger?: boolean;
  readonly busy?: boolean;
  readonly failure?: string | null;
  readonly disabled?: boolean;
  readonly onDo: () => void;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

export function Confirm({ opened, title, doIt, danger = false, busy = false, failure = null, disabled = false, onDo, onClose, children }: ConfirmProps) {
  return (
    <Modal opened={opened} onClose={onClose} title={title} size={480}>
      <div className={css.body}>{children}</div>
      <p role="alert" className={css.failure}>
        {failure}
      </p>
      <div className={css.buttons}>
        <Button variant="default" onClick={onClose} data-autofocus={danger || undefined}>
          Cancel
        </Button>
        <Button color={danger ? 'brick' : 'harbor'} loading={busy} disabled={disabled} onClick={onDo}>
          {doIt}
        </Button>
      </div>
    </Modal>
  );
}
