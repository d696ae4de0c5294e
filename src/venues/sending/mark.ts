/** The stage's mark on a message (`alr_…:2:1772442000000`: alert, attempt, creation), read for what stays the same when it is sent again. */

const MARK = /^(.+):\d{1,6}:(\d{1,15})$/;

/**
 * The mark without its attempt: the same for each try to send one alert, so that a second copy can be recognised by who receives it.
 * A mark of another form stands for itself.
 */
export function stableMark(opaque: string): string {
  const m = MARK.exec(opaque);
  return m ? `${m[1]}.${m[2]}` : opaque;
}
