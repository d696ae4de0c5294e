import { defineErrors } from '../../kernel/errors/index.ts';

export const errors = defineErrors({
  SHIPMENT_UNKNOWN: { status: 404, title: 'No such shipment' },
  SHIPMENT_NO_SEA_ROUTE: { status: 422, title: 'There is no way by sea between these ports' },
  CUSTOMER_UNKNOWN: { status: 404, title: 'No such customer' },
});
