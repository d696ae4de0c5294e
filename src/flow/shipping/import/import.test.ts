import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import writeXlsxFile from 'write-excel-file/node';
import { csvField } from '../../../model/csv.ts';
import { listShipments } from '../store/shipments.ts';
import { FEB14, itemsOf, world } from '../test-support/world.ts';
import { CUSTOMER_COLUMNS, SHIPMENT_COLUMNS } from './columns.ts';
import { readCustomers, readShipments } from './read-rows.ts';
import { readTable } from './table.ts';

const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
const all = { after: null, limit: 100 };

const HEADER = 'reference,from,to,etd,eta,cargo_value_usd,containers,container_type,goods_class,penalty_per_day_usd';
const row = (reference: string, rest = 'CNSHA,AEJEA,2026-02-20,2026-03-12,1250000.50,10,40HC,general,2000'): string => `${reference},${rest}`;
const file = (...rows: string[]): string => [HEADER, ...rows].join('\r\n');
const PATH = '/api/v1/imports/shipments?customer_id=cus_a';

type Place = { field: string; message: string; fix: string };
const issues = (json: Record<string, unknown>): Place[] => json['issues'] as Place[];

test('a CSV file is written whole, weighed once, and a second time changes nothing; a changed booking is updated by its reference', async () => {
  await using w = await world();
  const first = await w.upload('trader', PATH, 'text/csv', file(row('A-1'), row('A-2')));
  assert.equal(first.status, 200, first.text);
  assert.deepEqual([first.json['rows'], first.json['created'], first.json['updated'], first.json['unchanged']], [2, 2, 0, 0]);
  assert.equal(w.changed.length, 1);
  const again = await w.upload('trader', PATH, 'text/csv', file(row('A-2'), row('A-1')));
  assert.deepEqual([again.json['created'], again.json['updated'], again.json['unchanged']], [0, 0, 2]);
  assert.equal(w.changed.length, 1, 'nothing changed, so nothing is weighed');
  const moved = await w.upload('trader', PATH, 'text/csv', file(row('A-1'), row('A-2', 'CNSHA,AEJEA,2026-02-24,2026-03-16,1250000.50,10,40HC,general,2000')));
  assert.deepEqual([moved.json['created'], moved.json['updated'], moved.json['unchanged']], [0, 1, 1]);
  const stored = await listShipments(w.db, all);
  assert.deepEqual(stored.map((s) => [s.shipment.reference, s.shipment.cargoValueMicros, s.knownAt]).sort(), [['A-1', 1_250_000_500_000n, FEB14], ['A-2', 1_250_000_500_000n, FEB14]]);
  assert.deepEqual(w.changed[1], { asOf: FEB14, ids: [stored.find((s) => s.shipment.reference === 'A-2')!.shipment.id] });
  assert.deepEqual(w.audited.map((a) => [a.actor, a.action]), Array.from({ length: 3 }, () => ['user:trader', 'shipments.import']));
});

test('each wrong place is named by row, column and fix, and nothing is half imported', async () => {
  await using w = await world();
  const wrong = file(
    row('B-1'),
    row('B-2', 'Shanghai,AEJEA,2026-02-20,2026-03-12,1,1,40HC,general,0'),
    row('B-3', 'CNSHA,AEJEA,2026-02-20,03/12/2026,1,1,40HC,general,0'),
    row('B-4', 'CNSHA,AEJEA,2026-03-20,2026-03-12,1,1,40HC,general,0'),
    row('B-5', 'CNSHA,NLRTM,2026-02-20,2026-03-12,1,1,40HC,general,0'),
    row('B-6', 'CNSHA,AEJEA,2026-02-20,2026-03-12,"1.250,00",1,40HC,general,0'),
    row('B-7', 'CNSHA,AEJEA,2026-02-20,2026-03-12,1,1.5,40HC,general,0'),
    row('B-8', 'CNSHA,AEJEA,2026-02-20,2026-03-12,1,1,53HC,general,0'),
    row('B-9', 'CNSHA,AEJEA,2026-02-20,2026-03-12,,1,40HC,general,0'),
    row('B-1'),
    row('B-10', 'CNSHA,AEJEA,2026-02-20,2026-03-12,1,1,40HC,general,0,more'),
  );
  const refused = await w.upload('trader', PATH, 'text/csv', wrong);
  assert.equal(refused.status, 422, refused.text);
  assert.equal(refused.json['code'], 'IMPORT_INVALID');
  assert.deepEqual(issues(refused.json).map((i) => i.field), [
    'row 3, column from', 'row 4, column eta', 'row 5, column eta', 'row 7, column cargo_value_usd', 'row 8, column containers', 'row 9, column container_type', 'row 10, column cargo_value_usd', 'row 11, column reference', 'row 12',
  ]);
  assert.ok(issues(refused.json).every((i) => i.fix.length > 5 && i.message.length > 5));
  assert.equal((await listShipments(w.db, all)).length, 0);
  assert.deepEqual([w.changed, w.audited], [[], []]);
  // What only the desk knows is told once the rest is right: ports and customers.
  const port = await w.upload('trader', PATH, 'text/csv', file(row('B-1'), row('B-5', 'CNSHA,NLRTM,2026-02-20,2026-03-12,1,1,40HC,general,0')));
  assert.deepEqual(issues(port.json).map((i) => i.field), ['row 3, column to']);
  const nobody = await w.upload('trader', '/api/v1/imports/shipments?customer_id=cus_z', 'text/csv', file(row('B-1')));
  assert.deepEqual(issues(nobody.json).map((i) => i.field), ['row 2, column customer_id']);
  assert.equal((await listShipments(w.db, all)).length, 0);
});

test('a dry run tells what would happen, problems included, and writes nothing', async () => {
  await using w = await world();
  const dry = await w.upload('trader', `${PATH}&dry_run=true`, 'text/csv', file(row('C-1')));
  assert.deepEqual([dry.status, dry.json['created'], dry.json['dry_run'], dry.json['problems']], [200, 1, true, []]);
  const wrong = await w.upload('trader', `${PATH}&dry_run=true`, 'text/csv', file(row('C-1', 'CNSHA,AEJEA,soon,2026-03-12,1,1,40HC,general,0')));
  assert.equal(wrong.status, 200);
  assert.deepEqual((wrong.json['problems'] as { row: number; column: string; given: string }[]).map((p) => [p.row, p.column, p.given]), [[2, 'etd', 'soon']]);
  assert.equal((await listShipments(w.db, all)).length, 0);
  assert.deepEqual([w.changed, w.audited], [[], []]);
});

test('a spreadsheet with other headers, real dates and numbers says the same as a CSV', async () => {
  await using w = await world();
  const cells = [
    ['PO number', 'POL', 'POD', 'ETD', 'ETA', 'Cargo value (USD)', 'Boxes', 'Equipment', 'Goods class', 'Our notes'].map((value) => ({ value })),
    [{ value: 'D-1' }, { value: 'cn sha' }, { value: 'AEJEA' }, { value: new Date('2026-02-20T00:00:00Z'), type: Date, format: 'yyyy-mm-dd' }, { value: new Date('2026-03-12T06:00:00Z'), type: Date, format: 'yyyy-mm-dd hh:mm' }, { value: 1_250_000.5, type: Number }, { value: 10, type: Number }, { value: "40' HQ" }, { value: 'Time sensitive' }, { value: 'urgent' }],
  ];
  const bytes = await writeXlsxFile(cells as never).toBuffer();
  const done = await w.upload('trader', PATH, XLSX, bytes);
  assert.equal(done.status, 200, done.text);
  assert.deepEqual([done.json['created'], done.json['ignored_columns']], [1, ['Our notes']]);
  const [stored] = await listShipments(w.db, all);
  const s = stored!.shipment;
  assert.deepEqual([s.from, s.containerType, s.goodsClass, s.cargoValueMicros, s.etd, s.eta], ['CNSHA', '40HC', 'time_sensitive', 1_250_000_500_000n, Date.parse('2026-02-20T00:00:00Z'), Date.parse('2026-03-12T06:00:00Z')]);
});

test('what is no table, too large, a bomb or misspelt is refused with its fix', async () => {
  await using w = await world();
  const ask = async (type: string, bytes: Uint8Array | string) => {
    const reply = await w.upload('trader', PATH, type, bytes);
    return [reply.status, reply.json['code']];
  };
  assert.deepEqual(await ask(XLSX, 'reference,from'), [422, 'IMPORT_FILE_UNREADABLE']);
  assert.deepEqual(await ask(XLSX, Uint8Array.of(0x50, 0x4b, 3, 4, ...new Uint8Array(100))), [422, 'IMPORT_FILE_UNREADABLE']);
  assert.deepEqual(await ask('text/csv', Uint8Array.of(0x72, 0xff, 0xfe, 0xfd)), [422, 'IMPORT_FILE_UNREADABLE']);
  assert.deepEqual(await ask('text/csv', ''), [422, 'IMPORT_FILE_UNREADABLE']);
  assert.deepEqual(await ask('text/csv', file(row('"E-1'))), [422, 'IMPORT_FILE_UNREADABLE']);
  assert.deepEqual(await ask('text/csv', file(...Array.from({ length: 20_001 }, (_, i) => row(`E-${i}`)))), [413, 'IMPORT_TOO_LARGE']);
  assert.deepEqual(await ask('application/pdf', '%PDF'), [415, 'UNSUPPORTED_MEDIA_TYPE']);
  assert.deepEqual(await ask('application/json', '{}'), [415, 'UNSUPPORTED_MEDIA_TYPE']);
  assert.equal((await ask('text/csv', new Uint8Array(6 * 1_048_576)))[0], 413);
  const misspelt = await w.upload('trader', PATH, 'text/csv', file(row('E-1')).replace('penalty_per_day_usd', 'penalty_per_dya_usd'));
  assert.deepEqual(issues(misspelt.json).map((i) => [i.field, i.fix]), [['header, column penalty_per_dya_usd', 'Did you mean penalty_per_day_usd?']]);
  const bomb = await writeXlsxFile([[{ value: 'reference' }]]).toBuffer();
  // Its directory says that one member is 4 GB.
  bomb.writeUInt32LE(0xfffffff0, bomb.indexOf(Buffer.from([0x50, 0x4b, 1, 2])) + 24);
  assert.deepEqual(await ask(XLSX, bomb), [413, 'IMPORT_TOO_LARGE']);
  assert.equal((await w.upload('viewer', PATH, 'text/csv', file(row('E-1')))).status, 403);
  assert.equal((await listShipments(w.db, all)).length, 0);
});

test('customers come from a file too, with the ways to reach them, which no reply shows whole', async () => {
  await using w = await world();
  const text = 'id;name;language;timezone;phone;email;min_probability;quiet_from;quiet_to\nhv;Harbour & Vale;vi;Asia/Ho_Chi_Minh;+84901234567;desk@example.com;7.5 %;22:00;6:30\n';
  const done = await w.upload('operator', '/api/v1/imports/customers', 'text/csv', text);
  assert.equal(done.status, 200, done.text);
  assert.equal((await w.upload('operator', '/api/v1/imports/customers', 'text/csv', text)).json['unchanged'], 1);
  const one = await w.as('viewer', '/api/v1/customers/hv');
  assert.deepEqual(one.json['contacts'], [{ channel: 'whatsapp', address: '+84•••4567' }, { channel: 'email', address: 'd•••@example.com' }]);
  assert.deepEqual([one.json['min_probability'], one.json['quiet_hours']], [0.075, { from: '22:00', to: '06:30' }]);
  const bad = await w.upload('operator', '/api/v1/imports/customers', 'text/csv', 'name,language,timezone,email,quiet_from\nX,en,Europe/London,not a mailbox,22:00\nY,en,Mars/Olympus,y@example.com,\nZ,en,Europe/London,,\n');
  assert.deepEqual(issues(bad.json).map((i) => i.field), ['row 2, column email', 'row 2, column quiet_to', 'row 3, column timezone', 'row 4, column whatsapp']);
  assert.ok(!done.text.includes('901234567') && !one.text.includes('901234567'));
  assert.equal((await w.upload('trader', '/api/v1/imports/customers', 'text/csv', text)).status, 403);
});

test('a contact given without its address keeps the one that is kept', async () => {
  await using w = await world();
  const body = { name: 'Tern & Tide', language: 'en', timezone: 'Europe/Amsterdam', contacts: [{ channel: 'email', address: 'tern@example.com' }, { channel: 'whatsapp', address: '+31970100101' }] };
  assert.equal((await w.as('operator', '/api/v1/customers', 'POST', { id: 'tern', ...body })).status, 201);
  const put = await w.as('operator', '/api/v1/customers/tern', 'PUT', { ...body, contacts: [{ channel: 'whatsapp' }, { channel: 'email' }] });
  assert.deepEqual(put.json['contacts'], [{ channel: 'whatsapp', address: '+31•••0101' }, { channel: 'email', address: 't•••@example.com' }]);
  const none = await w.as('operator', '/api/v1/customers/tern', 'PUT', { ...body, contacts: [{ channel: 'telegram' }] });
  assert.deepEqual([none.status, none.json['field']], [400, 'contacts[0].address']);
  const twice = await w.as('operator', '/api/v1/customers/tern', 'PUT', { ...body, contacts: [{ channel: 'email' }, { channel: 'email' }] });
  assert.equal(twice.json['field'], 'contacts[1].channel');
});

test('the templates are files that can be imported as they are', async () => {
  await using w = await world();
  for (const [kind, columns] of [['shipments', SHIPMENT_COLUMNS], ['customers', CUSTOMER_COLUMNS]] as const) {
    const template = await w.as('viewer', `/api/v1/imports/${kind}/template`);
    const table = await readTable(Buffer.from(template.text), 'csv');
    assert.deepEqual(table.header, columns.map((c) => c.name));
    const read = kind === 'shipments' ? readShipments(table, null) : readCustomers(table);
    assert.deepEqual([read.problems, read.items.length], [[], 1]);
  }
  assert.equal(itemsOf((await w.as('viewer', '/api/v1/imports/shipments/columns')).json).length, SHIPMENT_COLUMNS.length);
});

test('any text is read or refused, never half understood: what is imported is what was written', async () => {
  const name = fc.string({ minLength: 1, maxLength: 30 }).filter((s) => s.trim() === s && s !== '' && !/[\r\0]/.test(s));
  await fc.assert(
    fc.asyncProperty(fc.uniqueArray(name, { minLength: 1, maxLength: 8 }), fc.constantFrom(',', ';', '\t'), async (references, mark) => {
      const quoted = (s: string): string => (s.includes(mark) || csvField(s) !== s || s.startsWith('"') ? `"${s.replaceAll('"', '""')}"` : s);
      const text = [HEADER.replaceAll(',', mark), ...references.map((r) => [quoted(r), 'CNSHA', 'AEJEA', '2026-02-20', '2026-03-12', '1', '1', '40HC', 'general', '0'].join(mark))].join('\n');
      const read = readShipments(await readTable(Buffer.from(text), 'csv'), 'cus_a');
      assert.deepEqual(read.problems, []);
      assert.deepEqual(read.items.map((i) => i.item.reference), references);
    }),
  );
});

test('a CSV file’s rows of separators alone are no rows, as in a spreadsheet', async () => {
  const table = await readTable(Buffer.from(`${file(row('A-1'))}\r\n,,,,,,,,,\r\n${row('A-2')}\r\n,,,,,,,,,\r\n`), 'csv');
  const read = readShipments(table, 'cus_a');
  assert.deepEqual([read.problems, read.items.map(({ row: at, item }) => [at, item.reference])], [[], [[2, 'A-1'], [4, 'A-2']]]);
});

test('a wrong address of a customer is named by its place, and not repeated: it may be a secret all but for a slip', async () => {
  const csv = 'id,name,language,timezone,slack,email\nacme,Acme,en,Europe/London,http://hooks.slack.com/services/T0/B0/the-key,nobody\nacme2,Acme 2,xx1,Europe/London,,a@example.com\n';
  const { problems } = readCustomers(await readTable(Buffer.from(csv), 'csv'));
  assert.deepEqual(problems.map((p) => [p.row, p.column, p.given]), [[2, 'email', null], [2, 'slack', null], [3, 'language', 'xx1']]);
});

test('a cell that no column of the database keeps is a wrong place like any other', async () => {
  await using w = await world();
  const wrong = [
    row('F\0', 'CNSHA,AEJEA,2026-02-20,2026-03-12,1,1,40HC,general,0'),
    row('F-2', 'CNSHA,AEJEA,0000-01-01,2026-03-12,1,1,40HC,general,0'),
    row('F-3', 'CNSHA,AEJEA,2026-02-20,2200-01-02,1,1,40HC,general,0'),
    row('F-4', 'CNSHA,AEJEA,2026-02-20,2026-03-12,2000000000.01,1,40HC,general,0'),
    row('F-5', 'CNSHA,AEJEA,2026-02-20,2026-03-12,1,2147483648,40HC,general,0'),
    row('F-6', 'CNSHA,AEJEA,2026-02-20,2026-03-12,1,1,40HC,general,99999999999999999999'),
  ];
  const refused = await w.upload('trader', PATH, 'text/csv', file(...wrong));
  assert.deepEqual([refused.status, refused.json['code']], [422, 'IMPORT_INVALID'], refused.text);
  assert.deepEqual(
    issues(refused.json).map((i) => i.field),
    [
      'row 2, column reference',
      'row 3, column etd',
      'row 4, column eta',
      'row 5, column cargo_value_usd',
      'row 6, column containers',
      'row 7, column penalty_per_day_usd',
    ],
  );
  const customers = 'name,language,timezone,phone\nA\0B,en,UTC,+15550100\n';
  assert.deepEqual(
    issues((await w.upload('operator', '/api/v1/imports/customers', 'text/csv', customers)).json).map((i) => i.field),
    ['row 2, column name'],
  );
  assert.equal((await listShipments(w.db, all)).length, 0);
});

test('a spreadsheet with an escaped NUL, or a date beyond the calendar, is refused with its row', async () => {
  await using w = await world();
  const header = HEADER.split(',').map((value) => ({ value }));
  const cells = row('G-1')
    .split(',')
    .map((value) => ({ value }));
  const spreadsheet = (column: string, cell: object) =>
    writeXlsxFile([header, cells.map((c, i) => (header[i]!.value === column ? cell : c))] as never).toBuffer();
  const day = { type: Number, format: 'yyyy-mm-dd' };
  // XLSX writes U+0000 as _x0000_. The serial number of a day may be any double: 1e12 has no date, 2958466 is
  // 10000-01-01.
  for (const [column, cell] of [
    ['reference', { value: '_x0000_' }],
    ['etd', { value: 1e12, ...day }],
    ['eta', { value: 1e300, ...day }],
    ['eta', { value: 2_958_466, ...day }],
    ['etd', { value: -800_000, ...day }],
  ] as const) {
    const refused = await w.upload('trader', PATH, XLSX, await spreadsheet(column, cell));
    assert.deepEqual(
      [refused.status, issues(refused.json)?.map((i) => i.field)],
      [422, [`row 2, column ${column}`]],
      refused.text,
    );
  }
  assert.equal((await w.upload('trader', PATH, XLSX, await spreadsheet('reference', { value: 'G-1' }))).status, 200);
});
