/** Requests that break HTTP/1.1 itself, as bytes. */

const lines = (...text: string[]): Buffer => Buffer.from(`${text.join('\r\n')}\r\n\r\n`, 'latin1');
const HOST = 'Host: localhost';
const post = (headers: readonly string[], body: string): Buffer =>
  Buffer.from(
    `${['POST /api/v1/shipments HTTP/1.1', HOST, 'Content-Type: application/json', ...headers].join('\r\n')}\r\n\r\n${body}`,
    'latin1',
  );

export const BROKEN_REQUESTS: readonly (readonly [what: string, bytes: Buffer])[] = [
  ['nothing', Buffer.alloc(0)],
  ['binary', Buffer.from([0, 1, 2, 255, 254, 13, 10, 13, 10])],
  ['a request line alone', Buffer.from('GET / HTTP/1.1')],
  ['no Host', lines('GET /health/live HTTP/1.1', 'Connection: close')],
  ['two Hosts', lines('GET /health/live HTTP/1.1', HOST, 'Host: evil', 'Connection: close')],
  ['a strange Host', lines('GET /health/live HTTP/1.1', 'Host: ]:-1', 'Connection: close')],
  ['HTTP/1.0', lines('GET /health/live HTTP/1.0')],
  ['HTTP/9.9', lines('GET /health/live HTTP/9.9', HOST)],
  ['HTTP/2', Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n')],
  ['an unknown method', lines('FOO / HTTP/1.1', HOST)],
  ['a method in lower case', lines('get / HTTP/1.1', HOST)],
  ['OPTIONS *', lines('OPTIONS * HTTP/1.1', HOST, 'Connection: close')],
  ['TRACE', lines('TRACE / HTTP/1.1', HOST, 'Connection: close')],
  ['CONNECT', lines('CONNECT example.org:443 HTTP/1.1', HOST)],
  ['PROPFIND', lines('PROPFIND / HTTP/1.1', HOST, 'Connection: close')],
  ['an absolute address', lines('GET http://example.org/health HTTP/1.1', HOST, 'Connection: close')],
  ['two slashes', lines('GET //example.org/%2e%2e HTTP/1.1', HOST, 'Connection: close')],
  ['raw bytes in the path', lines('GET /\xff\xfe HTTP/1.1', HOST, 'Connection: close')],
  ['NUL in the path', lines('GET /a\0b HTTP/1.1', HOST, 'Connection: close')],
  ['NUL in a header', lines('GET / HTTP/1.1', HOST, 'X-A: a\0b', 'Connection: close')],
  ['a header without a colon', lines('GET / HTTP/1.1', HOST, 'nonsense', 'Connection: close')],
  ['a folded header', lines('GET / HTTP/1.1', HOST, 'X-A: a', ' b', 'Connection: close')],
  ['a header of 40 KB', lines('GET / HTTP/1.1', HOST, `X-A: ${'a'.repeat(40_000)}`, 'Connection: close')],
  [
    '3,000 headers',
    lines('GET / HTTP/1.1', HOST, ...Array.from({ length: 3_000 }, (_, i) => `X-${i}: a`), 'Connection: close'),
  ],
  ['a path of 100 KB', lines(`GET /${'a'.repeat(100_000)} HTTP/1.1`, HOST, 'Connection: close')],
  ['a content-length that is too long', post(['Content-Length: 1000'], '{}')],
  ['a content-length that is too short', post(['Content-Length: 1', 'Connection: keep-alive'], '{"a":1}')],
  ['a negative content-length', post(['Content-Length: -1'], '{}')],
  ['a content-length past 2^64', post(['Content-Length: 99999999999999999999999'], '{}')],
  ['a content-length of 1e3', post(['Content-Length: 1e3'], '{}')],
  ['two content-lengths', post(['Content-Length: 2', 'Content-Length: 3'], '{}')],
  ['a content-length and chunks', post(['Content-Length: 2', 'Transfer-Encoding: chunked'], '0\r\n\r\n')],
  ['a chunk with a wrong size', post(['Transfer-Encoding: chunked'], 'zz\r\n{}\r\n0\r\n\r\n')],
  ['a chunk with a huge size', post(['Transfer-Encoding: chunked'], 'ffffffffffffffff\r\n{}\r\n')],
  ['chunks that end early', post(['Transfer-Encoding: chunked'], '2\r\n{}\r\n')],
  ['an unknown transfer encoding', post(['Transfer-Encoding: x'], '{}')],
  ['an expectation', post(['Content-Length: 2', 'Expect: 100-continue', 'Connection: close'], '{}')],
  ['an unknown expectation', post(['Content-Length: 2', 'Expect: x', 'Connection: close'], '{}')],
  ['a WebSocket address without an upgrade', lines('GET /ws/events HTTP/1.1', HOST, 'Connection: close')],
  ['an upgrade to nothing', lines('GET /ws/events HTTP/1.1', HOST, 'Connection: Upgrade', 'Upgrade: nothing')],
  ['a WebSocket without a key', lines('GET /ws/events HTTP/1.1', HOST, 'Connection: Upgrade', 'Upgrade: websocket')],
  [
    'a WebSocket at another address',
    lines(
      'GET /health HTTP/1.1',
      HOST,
      'Connection: Upgrade',
      'Upgrade: websocket',
      'Sec-WebSocket-Version: 13',
      'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==',
    ),
  ],
];
