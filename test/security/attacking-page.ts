/** A web page that tries all that a browser lets it do to another server. Its script runs in Chromium, not in Node. */

export interface Target {
  readonly method: 'GET' | 'POST' | 'WS';
  readonly url: string;
  readonly body?: string;
}

/** `seen`: what the page learnt. Null where the browser or the server kept it from the page. */
export interface Attempt {
  readonly how: string;
  readonly target: string;
  readonly seen: string | null;
}

/**
 * The page. `attack(targets)` gives the attempts. An opaque reply counts as nothing seen: the page can read neither its
 * body nor its status.
 */
export const ATTACKING_PAGE = `<!doctype html><meta charset="utf-8"><title>Another site</title><script>
'use strict';
const LIMIT_MS = 3000;
const late = () => new Promise((resolve) => setTimeout(resolve, LIMIT_MS, null));
const within = (promise) => Promise.race([promise, late()]).catch(() => null);

const byFetch = (url, init) => within(fetch(url, { redirect: 'manual', ...init }).then(async (reply) =>
  reply.type.startsWith('opaque') ? null : reply.status + ' ' + (await reply.text()).slice(0, 300)));

const byRequest = (method, url, body, type) => within(new Promise((resolve) => {
  const request = new XMLHttpRequest();
  request.open(method, url);
  if (type) request.setRequestHeader('content-type', type);
  request.onload = () => resolve(request.status + ' ' + request.responseText.slice(0, 300));
  request.onerror = () => resolve(null);
  request.send(body);
}));

const byElement = (name, property, url) => within(new Promise((resolve) => {
  const element = document.createElement(name);
  if (name === 'link') element.rel = 'stylesheet';
  element.onload = () => resolve('loaded');
  element.onerror = () => resolve(null);
  element[property] = url;
  document.head.append(element);
}));

const byEvents = (url) => within(new Promise((resolve) => {
  const source = new EventSource(url);
  source.onopen = () => resolve('open');
  source.onmessage = ({ data }) => resolve(data);
  source.onerror = () => { source.close(); resolve(null); };
}));

const bySocket = (url, protocols) => within(new Promise((resolve) => {
  const socket = new WebSocket(url.replace(/^http/, 'ws'), protocols);
  socket.onopen = () => resolve('open');
  socket.onmessage = ({ data }) => resolve(data);
  socket.onclose = () => resolve(null);
}));

const byForm = (url, body, enctype) => within(new Promise((resolve) => {
  const frame = document.createElement('iframe');
  frame.name = 'frame' + Math.random();
  const form = document.createElement('form');
  Object.assign(form, { method: 'post', action: url, enctype, target: frame.name });
  const field = document.createElement('input');
  // With text/plain the form sends name=value: the "=" disappears in a JSON string.
  if (body.endsWith('}')) {
    field.name = body.slice(0, -1) + (body === '{}' ? '"x":"' : ',"x":"');
    field.value = '"}';
  } else Object.assign(field, { name: 'x', value: body });
  form.append(field);
  document.body.append(frame, form);
  form.submit();
  frame.onload = () => {
    try {
      const text = frame.contentDocument?.body?.innerText;
      if (frame.contentWindow.location.href === 'about:blank') return;
      resolve(text ? text.slice(0, 300) : null);
    } catch { resolve(null); }
  };
}));

const READS = {
  'fetch': ({ url }) => byFetch(url),
  'fetch with credentials': ({ url }) => byFetch(url, { credentials: 'include' }),
  'fetch no-cors': ({ url }) => byFetch(url, { mode: 'no-cors' }),
  'fetch with a token header': ({ url }) => byFetch(url, { headers: { authorization: 'Bearer x' } }),
  'XMLHttpRequest': ({ url }) => byRequest('GET', url),
  'EventSource': ({ url }) => byEvents(url),
  'img': ({ url }) => byElement('img', 'src', url),
  'script': ({ url }) => byElement('script', 'src', url),
  'stylesheet': ({ url }) => byElement('link', 'href', url),
};
const SOCKETS = {
  'WebSocket': ({ url }) => bySocket(url),
  'WebSocket with subprotocols': ({ url }) => bySocket(url, ['bellwether', 'bearer.x']),
};
// Sent without a preflight.
const SIMPLE = ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data'];
const TYPES = [...SIMPLE, 'application/json'];
const OPAQUE = { mode: 'no-cors', credentials: 'include' };
const post = (type, init = {}) => ({ url, body }) =>
  byFetch(url, { method: 'POST', body, headers: { 'content-type': type }, ...init });
const WRITES = {
  ...Object.fromEntries(TYPES.map((type) => ['fetch ' + type, post(type)])),
  ...Object.fromEntries(SIMPLE.map((type) => ['fetch no-cors ' + type, post(type, OPAQUE)])),
  'fetch without a body': ({ url }) => byFetch(url, { method: 'POST', mode: 'no-cors' }),
  'XMLHttpRequest text/plain': ({ url, body }) => byRequest('POST', url, body, 'text/plain'),
  'sendBeacon': ({ url, body }) => (navigator.sendBeacon(url, body), null),
  'form text/plain': ({ url, body }) => byForm(url, body, 'text/plain'),
  'form urlencoded': ({ url, body }) => byForm(url, body, 'application/x-www-form-urlencoded'),
  'form multipart': ({ url, body }) => byForm(url, body, 'multipart/form-data'),
};

window.attack = async (targets) => {
  const attempts = [];
  for (const target of targets) {
    const ways = Object.entries({ GET: READS, POST: WRITES, WS: SOCKETS }[target.method]);
    const results = await Promise.all(ways.map(async ([how, run]) => [how, (await run(target)) ?? null]));
    attempts.push(...results.map(([how, seen]) => ({ how, target: target.method + ' ' + target.url, seen })));
  }
  return attempts;
};
</script><body></body>`;
