/** What can go wrong when reality is asked. */
import { defineErrors } from '../../kernel/errors/index.ts';

export const errors = defineErrors({
  CHOKEPOINT_UNKNOWN: { status: 404, title: 'No such chokepoint' },
  VESSELS_NOT_HEARD: { status: 503, title: 'No receiver has heard a ship lately' },
  PORT_UNKNOWN: { status: 422, title: 'No such port' },
  SEA_ROUTE_NONE: { status: 422, title: 'No way by sea is left' },
});
