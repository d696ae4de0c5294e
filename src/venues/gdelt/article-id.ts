/** An article's address without what differs from one reader to the next. Pure. */
import { contentHash } from '../../model/ids.ts';

const TRACKING = /^(utm_\w+|fbclid|gclid|dclid|msclkid|mc_[ce]id|igshid|cmpid|ocid|smid|ref|referrer|xtor|ito|guccounter|taid|sr_share)$/i;
const ID_CHARS_MAX = 300;

/** @param url http or https, absolute @returns stable over http/https, `www.`, tracking parameters, their order, fragments and a slash at the end */
export function articleId(url: string): string {
  const parsed = new URL(url);
  const query = [...parsed.searchParams].filter(([name]) => !TRACKING.test(name)).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  const host = parsed.hostname.replace(/^www\./, '');
  const path = withoutSlashes(parsed.pathname);
  const port = parsed.port === '' ? '' : `:${parsed.port}`;
  const id = `${host}${port}${path}${query.length === 0 ? '' : `?${new URLSearchParams(query)}`}`;
  return id.length > ID_CHARS_MAX ? `sha256:${contentHash(id)}` : id;
}

/** Without the slashes at the end. Not `/\/+$/`: its time grows with the square of the slashes in the middle. */
function withoutSlashes(path: string): string {
  let end = path.length;
  while (end > 0 && path[end - 1] === '/') end -= 1;
  return path.slice(0, end);
}
