import { defineErrors } from '../../kernel/errors/index.ts';

export const errors = defineErrors({
  SHIPMENT_UNKNOWN: { status: 404, title: 'No such shipment' },
  SHIPMENT_NO_SEA_ROUTE: { status: 422, title: 'There is no way by sea between these ports' },
  IMPORT_FILE_UNREADABLE: { status: 422, title: 'The file cannot be read' },
  IMPORT_TOO_LARGE: { status: 413, title: 'The file is larger than what is read at once' },
  IMPORT_INVALID: { status: 422, title: 'Some rows are wrong, so nothing of the file is used' },
  CUSTOMER_UNKNOWN: { status: 404, title: 'No such customer' },
});
