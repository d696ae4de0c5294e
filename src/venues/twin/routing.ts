/** The target of a request, and paths with `:name` parts, matched part by part. */

/**
 * Splits the target of a request at its first `?`. Never throws: `new URL` does for a target such as `//`.
 * @param target as in the request line
 */
export function splitTarget(target = '/'): { readonly path: string; readonly query: URLSearchParams } {
  const at = target.indexOf('?');
  const [path, query] = at < 0 ? [target, ''] : [target.slice(0, at), target.slice(at + 1)];
  return { path, query: new URLSearchParams(query) };
}

/** The `:name` parts when `path` fits `pattern`, else null. */
export function matchPath(pattern: string, path: string): Readonly<Record<string, string>> | null {
  const want = pattern.split('/');
  const got = path.split('/');
  if (want.length !== got.length) return null;
  const params: Record<string, string> = {};
  for (const [i, part] of want.entries()) {
    const value = got[i]!;
    if (part.startsWith(':')) {
      if (value === '') return null;
      params[part.slice(1)] = decode(value);
    } else if (part !== value) return null;
  }
  return params;
}

/** A part that is not valid percent-encoding stands for itself. */
function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
