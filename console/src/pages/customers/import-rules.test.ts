import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bytes, effect, fileChoice, nothingToDo, placeOf } from './import-rules.ts';

test('files are known by their ending; what cannot be read is refused with what to do', () => {
  assert.deepEqual(fileChoice({ name: 'Bookings.CSV', size: 10 }), { type: 'text/csv' });
  assert.deepEqual(fileChoice({ name: 'bookings.v2.xlsx', size: 10 }), { type: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet' });
  for (const [name, size, words] of [['old.xls', 10, /\.xlsx/], ['plan.pdf', 10, /not a CSV/], ['no-ending', 10, /not a CSV/], ['empty.csv', 0, /empty/], ['big.csv', 5 * 1_048_576 + 1, /5 MiB/]] as const) {
    const choice = fileChoice({ name, size });
    assert.ok('refusal' in choice && words.test(choice.refusal), name);
  }
});

test('what a file would do is said with each noun in its number', () => {
  assert.equal(effect('shipments', { created: 2, updated: 1, unchanged: 3 }), '2 new shipments, 1 changed, 3 as on file.');
  assert.equal(effect('shipments', { created: 1, updated: 0, unchanged: 0 }), '1 new shipment.');
  assert.equal(effect('customers', { created: 0, updated: 1, unchanged: 0 }), '1 customer changed.');
  assert.equal(effect('customers', { created: 0, updated: 0, unchanged: 1200 }), '1,200 customers as on file.');
  assert.equal(effect('customers', { created: 0, updated: 0, unchanged: 0 }), 'The file has no rows.');
});

test('a file that changes nothing has nothing to import; one with problems has', () => {
  const report = { rows: 1, created: 0, updated: 0, unchanged: 1, dry_run: true, file_hash: 'x', ignored_columns: [], problems: [] };
  assert.equal(nothingToDo(report), true);
  assert.equal(nothingToDo({ ...report, updated: 1 }), false);
  assert.equal(nothingToDo({ ...report, problems: [{ row: 2, column: 'eta', given: 'x', problem: 'p', fix: 'f' }] }), false);
  assert.deepEqual([placeOf({ row: 2, column: 'eta' }), placeOf({ row: null, column: 'eta' }), placeOf({ row: 7, column: null })], ['Row 2, eta', 'Header, eta', 'Row 7']);
});

test('sizes of files', () => assert.deepEqual([820, 12_000, 3_565_158].map(bytes), ['820 B', '12 KiB', '3.4 MiB']));
