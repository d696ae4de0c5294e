/**
 * A stand-in for a mail server: SMTP as RFC 5321 has it, as far as one message a session needs, with logins, and every mail kept as it
 * came. Faults strike at the envelope (`before`) or once the mail is taken (`after`). Not here: TLS; the client asks for none on this machine.
 */
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { setTimeout as wallDelay } from 'node:timers/promises';
import { CounterBook } from '../twin/counters.ts';
import { twinErrors } from '../twin/errors.ts';
import { TwinFaults, type TwinServer } from '../twin/index.ts';

export interface EmailTwinOptions {
  /** Asked for where given. */
  readonly login?: { readonly user: string; readonly password: string };
  /** Default 0: any free one. */
  readonly port?: number;
}

export interface TwinMail {
  readonly from: string;
  readonly to: readonly string[];
  readonly messageId: string;
  /** Header and body, with CRLF, dots unstuffed. */
  readonly raw: string;
}

type Command = 'MAIL' | 'RCPT' | 'DATA' | 'BODY';

export interface EmailTwin extends Pick<TwinServer, 'name' | 'port' | 'faults' | 'counters' | 'close'>, AsyncDisposable {
  /** With user and password, as `SMTP_URL` takes it. */
  readonly url: string;
  /** All that was taken, oldest first. */
  mails(): readonly TwinMail[];
  /** What a reader sees whose server drops a second mail of one Message-ID. */
  inbox(): readonly TwinMail[];
  /** The next command of this kind is answered with this reply (`450 4.7.1 Greylisted`); `BODY` is the mail itself. */
  answer(command: Command, reply: string): void;
}

const LOOPBACK = '127.0.0.1';
const HTTP_METHODS: ReadonlySet<string> = new Set(['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS']);
const LINE_MAX = 2_000;
const MAIL_BYTES_MAX = 1 << 20;

interface State {
  readonly options: EmailTwinOptions;
  readonly faults: TwinFaults;
  readonly book: CounterBook;
  readonly mails: TwinMail[];
  readonly planned: { readonly command: Command; readonly reply: string }[];
  readonly ended: AbortSignal;
}

/** @throws CodedError TWIN_NOT_STARTED when the port is taken */
export async function startEmailTwin(options: EmailTwinOptions = {}): Promise<EmailTwin> {
  const ended = new AbortController();
  const state: State = { options, faults: new TwinFaults(), book: new CounterBook(), mails: [], planned: [], ended: ended.signal };
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
    // A peer that resets is the point of some cases.
    socket.on('error', () => socket.destroy());
    new Session(state, socket).start();
  });
  await listen(server, options.port ?? 0);
  const { port } = server.address() as AddressInfo;
  const close = async (): Promise<void> => {
    ended.abort();
    for (const socket of open) socket.destroy();
    if (server.listening) await new Promise<void>((done) => server.close(() => done()));
  };
  const login = options.login ? `${encodeURIComponent(options.login.user)}:${encodeURIComponent(options.login.password)}@` : '';
  return {
    name: 'email',
    url: `smtp://${login}${LOOPBACK}:${port}`,
    port,
    faults: state.faults,
    counters: () => state.book.read(),
    mails: () => state.mails,
    inbox: () => state.mails.filter((mail, i) => state.mails.findIndex((m) => m.messageId === mail.messageId) === i),
    answer: (command, reply) => void state.planned.push({ command, reply }),
    close,
    [Symbol.asyncDispose]: close,
  };
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => reject(twinErrors.TWIN_NOT_STARTED({ detail: `The twin of email cannot listen on ${LOOPBACK}:${port}: ${cause.code ?? cause.message}`, fix: 'Give port 0 for any free one', cause })));
    server.listen(port, LOOPBACK, resolve);
  });
}

class Session {
  readonly #state: State;
  readonly #socket: Socket;
  #buffer = '';
  #from: string | null = null;
  #to: string[] = [];
  #inBody = false;
  #loggedIn = false;
  /** Set while a reply is owed: commands that came ahead wait, so that replies stay in their order. */
  #busy = false;

  constructor(state: State, socket: Socket) {
    this.#state = state;
    this.#socket = socket;
  }

  start(): void {
    this.#socket.setEncoding('latin1');
    this.#socket.on('data', (chunk: string) => {
      this.#buffer += chunk;
      if (this.#buffer.length > MAIL_BYTES_MAX) return void this.#socket.destroy();
      if (!this.#busy) void this.#work();
    });
    this.#say('220 twin ESMTP');
  }

  #say(line: string): void {
    if (this.#socket.writable) this.#socket.write(`${line}\r\n`);
  }

  async #work(): Promise<void> {
    this.#busy = true;
    for (let unit = this.#next(); unit !== null && !this.#socket.destroyed; unit = this.#next()) {
      const reply = this.#inBody ? await this.#body(unit) : await this.#command(unit);
      if (reply === null) return; // Silent from here on, or gone.
      this.#say(reply);
      if (reply.startsWith('221') || reply.startsWith('421')) return void this.#socket.end();
    }
    this.#busy = false;
  }

  /** The next whole line, or in a body all up to the single dot. */
  #next(): string | null {
    const end = this.#inBody ? '\r\n.\r\n' : '\r\n';
    // A body may begin with its end: then it is empty.
    const text = this.#inBody ? `\r\n${this.#buffer}` : this.#buffer;
    const at = text.indexOf(end);
    if (at === -1) return null;
    this.#buffer = text.slice(at + end.length);
    return this.#inBody ? text.slice(2, at) : text.slice(0, at);
  }

  async #command(line: string): Promise<string | null> {
    if (line.length > LINE_MAX) return '500 5.5.2 Line too long';
    const verb = line.split(/[ :]/, 1)[0]!.toUpperCase();
    // A web page can make a browser post to this port: its body would be read as commands.
    if (HTTP_METHODS.has(verb)) return '421 5.5.1 This is SMTP';
    switch (verb) {
      case 'EHLO':
        return this.#state.options.login ? '250-twin\r\n250-ENHANCEDSTATUSCODES\r\n250-8BITMIME\r\n250 AUTH PLAIN' : '250-twin\r\n250-ENHANCEDSTATUSCODES\r\n250 8BITMIME';
      case 'HELO':
        return '250 twin';
      case 'AUTH':
        return this.#auth(line);
      case 'MAIL':
        return this.#mail(line);
      case 'RCPT':
        return this.#rcpt(line);
      case 'DATA':
        return this.#data();
      case 'RSET':
        this.#reset();
        return '250 2.0.0 Reset';
      case 'NOOP':
        return '250 2.0.0 Ok';
      case 'QUIT':
        return '221 2.0.0 Bye';
      default:
        return '502 5.5.1 Not known here';
    }
  }

  #auth(line: string): string {
    const { login } = this.#state.options;
    const given = /^AUTH PLAIN (\S+)$/i.exec(line)?.[1];
    if (!login || given === undefined) return '504 5.5.4 Only AUTH PLAIN with its answer in the same line';
    const [, user, password] = Buffer.from(given, 'base64').toString('utf8').split('\0');
    this.#loggedIn = user === login.user && password === login.password;
    return this.#loggedIn ? '235 2.7.0 Welcome' : '535 5.7.8 Wrong user or password';
  }

  async #mail(line: string): Promise<string | null> {
    this.#state.book.request('MAIL');
    const struck = await this.#strike('before');
    if (struck !== undefined) return struck;
    if (this.#state.options.login && !this.#loggedIn) return '530 5.7.0 Sign in first';
    const from = /^MAIL FROM:<([^<>\s]*)>/i.exec(line)?.[1];
    if (from === undefined) return '501 5.5.4 Wrong form';
    this.#reset();
    this.#from = from;
    return this.#told('MAIL') ?? '250 2.1.0 Ok';
  }

  #rcpt(line: string): string {
    const to = /^RCPT TO:<([^<>\s@]+@[^<>\s@]+)>/i.exec(line)?.[1];
    if (this.#from === null) return '503 5.5.1 MAIL first';
    if (to === undefined) return '501 5.1.3 Wrong form';
    const refusal = this.#told('RCPT');
    if (refusal !== null) return refusal;
    this.#to.push(to);
    return '250 2.1.5 Ok';
  }

  #data(): string {
    if (this.#to.length === 0) return '503 5.5.1 RCPT first';
    const refusal = this.#told('DATA');
    if (refusal !== null) return refusal;
    this.#inBody = true;
    return '354 Go on';
  }

  async #body(stuffed: string): Promise<string | null> {
    this.#inBody = false;
    const refusal = this.#told('BODY');
    if (refusal !== null) return refusal;
    const raw = Buffer.from(stuffed.replace(/(^|\r\n)\.\./g, '$1.'), 'latin1').toString('utf8');
    const messageId = /^Message-ID:\s*(<[^>\r\n]*>)/im.exec(raw)?.[1] ?? '';
    this.#state.mails.push({ from: this.#from ?? '', to: [...this.#to], messageId, raw });
    this.#reset();
    const struck = await this.#strike('after');
    if (struck !== undefined) return struck;
    this.#state.book.outcome('250');
    // What is no SMTP: a reply without a code.
    return this.#state.faults.take('/', ['malformed_body']) ? 'Acc' : '250 2.0.0 Accepted';
  }

  #reset(): void {
    this.#from = null;
    this.#to = [];
  }

  /** The reply that was planned for this command, used up. */
  #told(command: Command): string | null {
    const at = this.#state.planned.findIndex((p) => p.command === command);
    const [plan] = at === -1 ? [] : this.#state.planned.splice(at, 1);
    if (plan) this.#state.book.outcome(plan.reply.slice(0, 3));
    return plan?.reply ?? null;
  }

  /** What the armed faults say here: a reply, null for silence, undefined to go on. */
  async #strike(when: 'before' | 'after'): Promise<string | null | undefined> {
    const { faults, book, ended } = this.#state;
    const late = faults.take('/', ['latency'], when);
    if (late) await wallDelay(late.ms, undefined, { signal: ended, ref: false }).catch(() => undefined);
    const fault = faults.take('/', ['dropped_socket', 'half_open', 'rate_limited', 'server_error'], when);
    switch (fault?.kind) {
      case undefined:
        return undefined;
      case 'half_open':
        book.outcome('held');
        return null;
      case 'dropped_socket':
        book.outcome('dropped');
        this.#socket.resetAndDestroy();
        return null;
      case 'rate_limited':
        book.outcome('451');
        return `451 4.7.1 Too many messages, come again in ${fault.retry_after_s} seconds`;
      case 'server_error':
        book.outcome('421');
        return '421 4.3.2 Closing';
    }
  }
}
