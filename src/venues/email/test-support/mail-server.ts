/** A real mail server (smtp-server) on a port of its own, with a certificate for `localhost`. */
import type { AddressInfo } from 'node:net';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { TEST_CERTIFICATE, TEST_KEY } from './certificate.ts';

export const PASSWORD = 'p@ss:word/%1';

/** Takes mail for `desk` with `PASSWORD`, unless told otherwise. */
export async function mailServer(options: SMTPServerOptions = {}): Promise<{ readonly got: readonly string[]; readonly port: number } & AsyncDisposable> {
  const got: string[] = [];
  const smtp = new SMTPServer({
    key: TEST_KEY,
    cert: TEST_CERTIFICATE,
    onAuth: (auth, _session, done) => (auth.username === 'desk' && auth.password === PASSWORD ? done(null, { user: 'desk' }) : done(Object.assign(new Error('5.7.8 wrong'), { responseCode: 535 }))),
    onData(stream, _session, done) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        got.push(Buffer.concat(chunks).toString('utf8'));
        done();
      });
    },
    ...options,
  });
  smtp.on('error', () => undefined);
  await new Promise<void>((done) => smtp.listen(0, '127.0.0.1', () => done()));
  const { port } = smtp.server.address() as AddressInfo;
  return { got, port, [Symbol.asyncDispose]: () => new Promise<void>((done) => smtp.close(() => done())) };
}
