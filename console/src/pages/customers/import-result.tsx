// What became of a chosen file: on its way, what is wrong with it, what it would change, or that it is in.
import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useEffect, useRef, type ReactNode } from 'react';
import { session } from '../../api/session.ts';
import type { ImportKind, ImportReport, RowProblem } from '../../api/customers.ts';
import { count, plural } from '../../format/number.ts';
import { useSignIn } from '../../shell/sign-in-context.ts';
import { TableFrame } from '../../ui/list-frame.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Message } from '../../ui/states.tsx';
import tables from '../tables.module.css';
import css from './import.module.css';
import { bytes, effect, nothingToDo, NOUNS, placeOf } from './import-rules.ts';
import type { Step } from './use-import.ts';

type File = Extract<Step, { at: 'looked' }>['file'];

interface Props {
  readonly kind: ImportKind;
  readonly step: Step;
  readonly onLook: (file: File) => void;
  readonly onImport: (file: File) => void;
}

export function ImportResult({ kind, step, onLook, onImport }: Props) {
  const place = useRef<HTMLDivElement>(null);
  // The answer is brought into sight and read out; the keyboard goes on from there.
  useEffect(() => {
    if (step.at !== 'start' && step.at !== 'sending') place.current?.focus({ preventScroll: false });
  }, [step.at]);
  if (step.at === 'start') return null;
  return (
    <div ref={place} tabIndex={-1} className={css.result}>
      <Panel title={<>{step.file.name} <span className="dim small">{bytes(step.file.size)}</span></>} flush>
        {step.at === 'sending' && <Sending dryRun={step.dryRun} sent={step.sent} rows={NOUNS[kind]} />}
        {step.at === 'stopped' && <Stopped kind={kind} step={step} again={() => (step.dryRun ? onLook(step.file) : onImport(step.file))} />}
        {step.at === 'looked' && <Looked kind={kind} report={step.report} onImport={() => onImport(step.file)} />}
        {step.at === 'done' && <Done kind={kind} report={step.report} />}
      </Panel>
    </div>
  );
}

function Sending({ dryRun, sent, rows }: { readonly dryRun: boolean; readonly sent: number; readonly rows: string }) {
  const words = sent < 1 ? 'Sending the file' : dryRun ? `Looking at every ${rows}` : 'Importing';
  return (
    <div className={css.progress} role="status">
      <p>{words}…</p>
      {sent < 1 ? <progress max={1} value={sent} aria-label={words} /> : <progress aria-label={words} />}
    </div>
  );
}

function Stopped({ kind, step, again }: { readonly kind: ImportKind; readonly step: Extract<Step, { at: 'stopped' }>; readonly again: () => void }) {
  const { ask } = useSignIn();
  if (step.error?.trouble === 'not-allowed') {
    return (
      <Message icon="lock" tone="warn" title={`Your role may not import ${kind}.`} action={<Button size="xs" variant="default" onClick={() => void ask('Sign in as someone whose role allows it.').then((ok) => ok && again())}>Sign in as someone else</Button>}>
        It needs the role {kind === 'shipments' ? 'trader' : 'operator'}{session() ? `; you are signed in as ${session()!.role}` : ''}. Nothing was written.
      </Message>
    );
  }
  const issues = step.error?.issues ?? [];
  return (
    <Message icon="alert" tone="bad" title={step.dryRun ? 'The file could not be used.' : 'Nothing was imported.'} action={<Button size="xs" variant="default" onClick={again}>Try again</Button>}>
      {step.words} {step.error?.fix}
      {issues.length > 0 && <ul className={css.issues}>{issues.slice(0, 20).map((one) => <li key={one.field + one.message}>{one.field}: {one.message}. {one.fix}</li>)}</ul>}
    </Message>
  );
}

const SHOWN_MAX = 200;

function Looked({ kind, report, onImport }: { readonly kind: ImportKind; readonly report: ImportReport; readonly onImport: () => void }) {
  const { problems } = report;
  if (problems.length > 0) {
    return (
      <>
        <Message icon="alert" tone="bad" title={`${plural(problems.length, 'place')} must be put right first. Nothing was written.`}>
          Correct {problems.length === 1 ? 'it' : 'them'} in the file and choose it again: all its rows are taken, or none.
        </Message>
        <Problems problems={problems.slice(0, SHOWN_MAX)} />
        {problems.length > SHOWN_MAX && <p className={css.foot}>The first {SHOWN_MAX} of {count(problems.length)} are shown.</p>}
      </>
    );
  }
  return (
    <Message
      icon="check"
      title={nothingToDo(report) ? 'Nothing to import: all of it is on file as it is here.' : `${plural(report.rows, 'row')} read, nothing wrong.`}
      action={!nothingToDo(report) && <Button onClick={onImport}>Import {plural(report.rows, 'row')}</Button>}
    >
      <Counts kind={kind} report={report} />
      {report.updated > 0 && `What is on file for the changed ${report.updated === 1 ? 'one' : 'ones'} is replaced. `}
      {kind === 'shipments' && report.created + report.updated > 0 && 'Each new or changed shipment is weighed at once.'}
    </Message>
  );
}

function Counts({ kind, report }: { readonly kind: ImportKind; readonly report: ImportReport }): ReactNode {
  return (
    <>
      <dl className={css.counts}>
        {([['New', report.created], ['Changed', report.updated], ['As on file', report.unchanged]] as const).map(([name, n]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{count(n)}</dd>
          </div>
        ))}
      </dl>
      {report.ignored_columns.length > 0 && (
        <p>
          Columns that mean nothing here, and are left out: {report.ignored_columns.map((name, i) => <span key={name}>{i > 0 && ', '}<code>{name}</code></span>)}.
        </p>
      )}
      <span className="visually-hidden">{effect(kind, report)}</span>
    </>
  );
}

function Problems({ problems }: { readonly problems: readonly RowProblem[] }) {
  return (
    <TableFrame label="What is wrong in the file">
      <table className={tables.table}>
        <thead>
          <tr>
            <th scope="col" className="num">Row</th>
            <th scope="col">Column</th>
            <th scope="col">What is there</th>
            <th scope="col">What is wrong</th>
            <th scope="col">What would be right</th>
          </tr>
        </thead>
        <tbody>
          {problems.map((problem, i) => (
            <tr key={i} aria-label={placeOf(problem)}>
              <td data-label="Row" className="num"><b>{problem.row ?? 'header'}</b></td>
              <td data-label="Column">{problem.column === null ? <span className="dim">–</span> : <code>{problem.column}</code>}</td>
              <td data-label="What is there">{problem.given === null ? <span className="dim">nothing</span> : <code className={css.given}>{problem.given}</code>}</td>
              <td data-label="What is wrong">{problem.problem}</td>
              <td data-label="What would be right">{problem.fix}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </TableFrame>
  );
}

function Done({ kind, report }: { readonly kind: ImportKind; readonly report: ImportReport }) {
  return (
    <Message icon="checks" title={`Imported: ${effect(kind, report)}`} action={kind === 'shipments' ? <Link to="/shipments">See the shipments</Link> : <Link to="/customers">See the customers</Link>}>
      It is in the audit log with the file’s SHA-256, <code className={css.given}>{report.file_hash.slice(0, 16)}…</code>
    </Message>
  );
}
