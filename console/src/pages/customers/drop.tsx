// Where a file is chosen: by a click, a key, or by dropping it.
import { useRef, useState, type DragEvent } from 'react';
import { Icon } from '../../ui/icons.tsx';
import { FILE_MIB_MAX } from './import-rules.ts';
import css from './import.module.css';

interface Props {
  readonly busy: boolean;
  /** One has been chosen before. */
  readonly again: boolean;
  readonly onFile: (file: File) => void;
}

export function Drop({ busy, again, onFile }: Props) {
  const [over, setOver] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  const drop = (event: DragEvent): void => {
    event.preventDefault();
    setOver(false);
    const file = event.dataTransfer.files[0];
    if (file && !busy) onFile(file);
  };
  return (
    <label
      className={css.drop}
      data-over={over}
      data-busy={busy}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      <input
        ref={input}
        type="file"
        className="visually-hidden"
        accept=".csv,.tsv,.txt,.xlsx"
        disabled={busy}
        onChange={(event) => {
          const file = event.currentTarget.files?.[0];
          // The same file chosen again, corrected meanwhile, is a choice too.
          event.currentTarget.value = '';
          if (file) onFile(file);
        }}
      />
      <Icon name="table" size={22} />
      <span>
        <b>{over ? 'Drop it here' : again ? 'Choose another file, or the corrected one' : 'Choose a CSV or Excel file'}</b>
        <span className={css.hint}>or drop it here. Up to {FILE_MIB_MAX} MiB and 20,000 rows; of a workbook the first sheet.</span>
      </span>
    </label>
  );
}
