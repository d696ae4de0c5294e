/** The viewer's pages: plain HTML without scripts, readable by keyboard and screen reader, in light and dark. */
import { iso } from '../../model/time.ts';
import type { SpanView, TraceView } from './store.ts';

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
const escape = (text: unknown): string => String(text).replace(/[&<>"']/g, (c) => ESCAPES[c]!);

const ms = (n: number): string => (n < 1 ? `${(n * 1_000).toFixed(0)} µs` : n < 1_000 ? `${n.toFixed(1)} ms` : `${(n / 1_000).toFixed(2)} s`);

const STYLE = `
:root{color-scheme:light dark;--line:light-dark(#d0d7de,#3d444d);--bar:light-dark(#0b62c4,#5aa2f5);--bad:light-dark(#b42318,#ff8a80);--soft:light-dark(#57606a,#9ea7b3)}
body{font:15px/1.5 system-ui,sans-serif;margin:0 auto;padding:1rem;max-width:75rem}
h1{font-size:1.3rem;overflow-wrap:anywhere}table{border-collapse:collapse;width:100%}caption{text-align:left;color:var(--soft);padding:.25rem 0}
th,td{text-align:left;padding:.3rem .5rem;border-bottom:1px solid var(--line);vertical-align:top}td.n,th.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
.error{color:var(--bad);font-weight:600}.soft{color:var(--soft)}.track{position:relative;height:1rem;min-width:8rem}
.bar{position:absolute;top:.15rem;height:.7rem;min-width:2px;border-radius:2px;background:var(--bar)}.bar.bad{background:var(--bad)}
details dl{display:grid;grid-template-columns:max-content 1fr;gap:0 .75rem;margin:.25rem 0}dt{color:var(--soft)}dd{margin:0;overflow-wrap:anywhere}
@media(max-width:40rem){.wide{display:none}}`;

const shell = (title: string, content: string): string =>
  `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>${escape(title)}</title><style>${STYLE}</style></head><body><main>${content}</main></body></html>`;

/** @param now epoch milliseconds: how long ago each began is told */
export function listPage(project: string, traces: readonly TraceView[], now: number): string {
  const rows = traces
    .map(
      (t) => `<tr><td><a href="/project/${encodeURIComponent(project)}/traces/${escape(t.trace_id)}">${escape(t.name)}</a></td>
<td>${t.status === 'error' ? '<span class="error">failed</span>' : 'ok'}</td><td class="n">${ms(t.duration_ms)}</td><td class="n">${t.spans.length + t.dropped_spans}</td>
<td class="n wide"><time datetime="${iso(t.start_ms)}">${ago(now - t.start_ms)}</time></td></tr>`,
    )
    .join('');
  const table = `<table><caption>The last ${traces.length} traces, newest first</caption><thead><tr><th scope="col">Began with</th><th scope="col">Outcome</th><th scope="col" class="n">Took</th><th scope="col" class="n">Steps</th><th scope="col" class="n wide">Began</th></tr></thead><tbody>${rows}</tbody></table>`;
  return shell(`Traces of ${project}`, `<h1>What happened lately in ${escape(project)}?</h1>${traces.length === 0 ? '<p>No trace yet. Each request, job and call to a venue makes one.</p>' : table}`);
}

const ago = (elapsed: number): string => {
  const seconds = Math.max(0, Math.round(elapsed / 1_000));
  return seconds < 60 ? `${seconds} s ago` : seconds < 3_600 ? `${Math.round(seconds / 60)} min ago` : `${Math.round(seconds / 3_600)} h ago`;
};

export function tracePage(project: string, trace: TraceView): string {
  const rows = inTreeOrder(trace.spans).map(({ span, depth }) => spanRow(trace, span, depth)).join('');
  const dropped = trace.dropped_spans === 0 ? '' : ` ${trace.dropped_spans} more were not kept.`;
  const failed = trace.status === 'error' ? ', <span class="error">failed</span>' : '';
  return shell(
    `${trace.name} · ${trace.trace_id}`,
    `<p><a href="/project/${encodeURIComponent(project)}/traces">All traces</a></p><h1>${escape(trace.name)}</h1>
<p>Began <time datetime="${iso(trace.start_ms)}">${iso(trace.start_ms)}</time>, took ${ms(trace.duration_ms)}${failed}. Trace <code>${escape(trace.trace_id)}</code></p>
<table><caption>${trace.spans.length} steps; each bar shows when a step ran within the whole.${dropped}</caption>
<thead><tr><th scope="col">Step</th><th scope="col" class="wide">Part</th><th scope="col" class="n">After</th><th scope="col" class="n">Took</th><th scope="col" class="wide">When</th></tr></thead><tbody>${rows}</tbody></table>`,
  );
}

function spanRow(trace: TraceView, span: SpanView, depth: number): string {
  const whole = Math.max(trace.duration_ms, 1e-6);
  const after = span.start_ms - trace.start_ms;
  const left = Math.min(99.5, (after / whole) * 100).toFixed(2);
  const width = Math.max(0.2, Math.min(100 - Number(left), (span.duration_ms / whole) * 100)).toFixed(2);
  const bad = span.status === 'error';
  const facts = Object.entries({ kind: span.kind, span: span.span_id, ...span.attributes })
    .map(([key, value]) => `<dt>${escape(key)}</dt><dd>${escape(typeof value === 'object' ? JSON.stringify(value) : value)}</dd>`)
    .join('');
  return `<tr><th scope="row" style="font-weight:400;padding-left:${0.5 + Math.min(depth, 12) * 1.1}rem"><details><summary>${escape(span.name)}${bad ? ` <span class="error">failed${span.message === null ? '' : `: ${escape(span.message)}`}</span>` : ''}</summary><dl>${facts}</dl></details></th>
<td class="wide soft">${escape(span.service)}</td><td class="n">${ms(after)}</td><td class="n">${ms(span.duration_ms)}</td>
<td class="wide"><div class="track" role="img" aria-label="from ${ms(after)}, for ${ms(span.duration_ms)}"><div class="bar${bad ? ' bad' : ''}" style="left:${left}%;width:${width}%"></div></div></td></tr>`;
}

/** Children below their parents, by time. A span whose parent is not here (another process, or not kept) stands by itself. */
function inTreeOrder(spans: readonly SpanView[]): readonly { readonly span: SpanView; readonly depth: number }[] {
  const known = new Set(spans.map((s) => s.span_id));
  const children = Map.groupBy(spans, (s) => (s.parent_span_id !== null && known.has(s.parent_span_id) ? s.parent_span_id : ''));
  const ordered: { span: SpanView; depth: number }[] = [];
  const placed = new Set<SpanView>();
  const place = (roots: readonly SpanView[]): void => {
    const stack = roots.toReversed().map((span) => ({ span, depth: 0 }));
    for (let next = stack.pop(); next; next = stack.pop()) {
      const { span, depth } = next;
      if (placed.has(span)) continue;
      placed.add(span);
      ordered.push(next);
      for (const child of (children.get(span.span_id) ?? []).toReversed()) stack.push({ span: child, depth: depth + 1 });
    }
  };
  place(children.get('') ?? []);
  // Spans that are each other's parents, as only a broken sender makes them, must not disappear.
  place(spans.filter((span) => !placed.has(span)));
  return ordered;
}
