// The steps of one import: a file is read into memory, looked at (dry run), and then those very bytes are brought in.
import { useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { ApiError, url } from '../../api/client.ts';
import type { ImportKind, ImportReport } from '../../api/customers.ts';
import { upload } from '../../api/files.ts';
import { act } from '../../shell/sign-in-context.ts';
import { fileChoice } from './import-rules.ts';

interface Chosen {
  readonly name: string;
  readonly size: number;
  readonly type: string;
  /** In memory: what was looked at is what is brought in, even when the file on disk changes between. */
  readonly bytes: Blob;
}

export type Step =
  | { readonly at: 'start'; readonly refusal: string | null }
  | { readonly at: 'sending'; readonly file: Chosen; readonly dryRun: boolean; readonly sent: number }
  /** Chosen, not looked at: the desk refused, or did not answer. */
  | { readonly at: 'stopped'; readonly file: Chosen; readonly dryRun: boolean; readonly error: ApiError | null; readonly words: string }
  | { readonly at: 'looked'; readonly file: Chosen; readonly report: ImportReport }
  | { readonly at: 'done'; readonly file: Chosen; readonly report: ImportReport };

export function useImport(kind: ImportKind, customerId: string) {
  const client = useQueryClient();
  const [step, setStep] = useState<Step>({ at: 'start', refusal: null });
  // A second file chosen while the first is on its way: the first one's answer is not shown.
  const run = useRef(0);

  const send = async (file: Chosen, dryRun: boolean): Promise<void> => {
    const mine = ++run.current;
    const show = (next: Step): void => {
      if (run.current === mine) setStep(next);
    };
    show({ at: 'sending', file, dryRun, sent: 0 });
    let refused: ApiError | null = null;
    const path = url(`/api/v1/imports/${kind}`, { dry_run: String(dryRun), customer_id: kind === 'shipments' && customerId !== '' ? customerId : undefined });
    const outcome = await act(() =>
      upload<ImportReport>({ path, file: file.bytes, type: file.type, onSent: (sent) => show({ at: 'sending', file, dryRun, sent }) }).catch((error: unknown) => {
        if (error instanceof ApiError) refused = error;
        throw error;
      }),
    );
    if (outcome.kind === 'signed-out') return show({ at: 'start', refusal: null });
    if (outcome.kind === 'failed') return show({ at: 'stopped', file, dryRun, error: refused, words: outcome.words });
    show({ at: dryRun ? 'looked' : 'done', file, report: outcome.value });
    if (!dryRun) await client.invalidateQueries({ predicate: ({ queryKey }) => ['shipments', 'customers', 'decisions'].includes(String(queryKey[0])) });
  };

  const choose = async (file: File): Promise<void> => {
    const mine = ++run.current;
    const choice = fileChoice(file);
    if ('refusal' in choice) return setStep({ at: 'start', refusal: choice.refusal });
    try {
      const held = new Blob([await file.arrayBuffer()]);
      if (run.current === mine) await send({ name: file.name, size: file.size, type: choice.type, bytes: held }, true);
    } catch {
      setStep({ at: 'start', refusal: `${file.name} could not be read from this device. Choose it again.` });
    }
  };
  const forget = (): void => {
    run.current += 1;
    setStep({ at: 'start', refusal: null });
  };
  return { step, choose, send, forget };
}
