/** Files of shipments and customers over HTTP: checked whole, then written whole. */
import { z } from 'zod';
import { common } from '../../../kernel/errors/index.ts';
import { id, readAccess, roleAccess, type HttpApp } from '../../../kernel/http/index.ts';
import { csvField } from '../../../model/csv.ts';
import type { ShippingRoutesDeps } from '../route-parts.ts';
import { CUSTOMER_COLUMNS, SHIPMENT_COLUMNS, type Column } from './columns.ts';
import { importCustomers, importShipments, type ImportFile, type ImportReport } from './import-file.ts';
import { FILE_BYTES_MAX, type Format } from './table.ts';

const TYPES: Readonly<Record<string, Format>> = Object.freeze({
  'text/csv': 'csv',
  'text/tab-separated-values': 'csv',
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet': 'xlsx',
});

const reportSchema = z.object({
  rows: z.number(),
  created: z.number(),
  updated: z.number(),
  unchanged: z.number(),
  dry_run: z.boolean(),
  file_hash: z.string().describe('SHA-256 of the file'),
  ignored_columns: z.array(z.string()).describe('Headers that mean nothing here'),
  problem_count: z.number(),
  problems: z.array(z.object({ row: z.number().nullable().describe('As a spreadsheet counts'), column: z.string().nullable(), given: z.string().nullable(), problem: z.string(), fix: z.string() })).describe('The first 500 of a dry run; otherwise they are the issues of IMPORT_INVALID'),
});

/** A wrong column is wrong in each of 20,000 rows. */
const SHOWN_MAX = 500;

const viewReport = (r: ImportReport): z.infer<typeof reportSchema> => ({
  rows: r.rows, created: r.created, updated: r.updated, unchanged: r.unchanged, dry_run: r.dryRun, file_hash: r.fileHash, ignored_columns: [...r.ignored], problem_count: r.problems.length, problems: r.problems.slice(0, SHOWN_MAX).map((p) => ({ ...p })),
});

const flag = z.enum(['true', 'false']).default('false').transform((text) => text === 'true');
const WHAT = 'a CSV (text/csv; comma, semicolon or tab; UTF-8) or XLSX file as the body, up to 5 MiB and 20,000 rows';

export function importRoutes(app: HttpApp, deps: ShippingRoutesDeps): void {
  // A scope of its own, so that only these routes take files.
  void app.register((scope, _options, done) => {
    const files = scope as unknown as HttpApp;
    for (const type of Object.keys(TYPES)) {
      files.addContentTypeParser<Buffer>(type, { parseAs: 'buffer', bodyLimit: FILE_BYTES_MAX }, (request, bytes, parsed) => {
        request.rawBody = bytes;
        parsed(null, bytes);
      });
    }
    fileRoutes(files, deps);
    done();
  });
  for (const [kind, columns] of [['shipments', SHIPMENT_COLUMNS], ['customers', CUSTOMER_COLUMNS]] as const) {
    app.get(`/api/v1/imports/${kind}/template`, { config: { access: readAccess }, schema: { summary: `A CSV file with the columns of ${kind} and one example row`, tags: ['imports'] } }, async (_request, reply) =>
      reply.type('text/csv; charset=utf-8').header('content-disposition', `attachment; filename="${kind}.csv"`).send(templateOf(columns)));
    app.get(`/api/v1/imports/${kind}/columns`, { config: { access: readAccess }, schema: { summary: `The columns of a file of ${kind}`, tags: ['imports'], response: { 200: z.object({ items: z.array(z.object({ name: z.string(), required: z.boolean(), about: z.string(), example: z.string() })) }) } } }, async () => ({
      items: columns.map(({ name, required, about, example }) => ({ name, required, about, example })),
    }));
  }
}

function fileRoutes(app: HttpApp, deps: ShippingRoutesDeps): void {
  app.post('/api/v1/imports/shipments', {
    config: { access: roleAccess('trader') },
    bodyLimit: FILE_BYTES_MAX,
    schema: { summary: `Adds and updates shipments from ${WHAT}`, tags: ['imports'], querystring: z.strictObject({ dry_run: flag, customer_id: id().optional() }), response: { 200: reportSchema } },
    handler: async (request) => viewReport(await importShipments(deps, fileOf(request, request.query.dry_run, request.query.customer_id ?? null))),
  });
  app.post('/api/v1/imports/customers', {
    config: { access: roleAccess('operator') },
    bodyLimit: FILE_BYTES_MAX,
    schema: { summary: `Adds and updates customers from ${WHAT}`, tags: ['imports'], querystring: z.strictObject({ dry_run: flag }), response: { 200: reportSchema } },
    handler: async (request) => viewReport(await importCustomers(deps, fileOf(request, request.query.dry_run, null))),
  });
}

function fileOf(request: { readonly rawBody: Buffer | null; readonly headers: { readonly 'content-type'?: string | undefined }; readonly identity: { readonly subject: string } | null }, dryRun: boolean, customerId: string | null): ImportFile {
  const type = (request.headers['content-type'] ?? '').split(';')[0]!.trim().toLowerCase();
  const format = TYPES[type];
  if (format === undefined || request.rawBody === null) {
    throw common.UNSUPPORTED_MEDIA_TYPE({ detail: `${type === '' ? 'No content-type' : type} was given`, fix: `Send the file as the body, with content-type ${Object.keys(TYPES).join(' or ')}` });
  }
  return { bytes: request.rawBody, format, dryRun, customerId, actor: request.identity?.subject ?? 'unknown' };
}

const templateOf = (columns: readonly Column[]): string => [columns.map((c) => c.name), columns.map((c) => c.example)].map((row) => `${row.map(csvField).join(',')}\r\n`).join('');
